using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace LocalEnsemble;

/// <summary>A server in a process of its own: this program again, with a line of standard input for each command and a line of
/// standard output for each answer. It ends when its standard input does, and so with its parent.</summary>
internal sealed class ServerProcess : IServer
{
    /// <summary>The argument that makes this program a server.</summary>
    public const string Argument = "--server";

    private const string Ready = "ready";

    private readonly Process _process;

    private ServerProcess(Process process) => _process = process;

    public static async Task<ServerProcess> StartAsync(
        int id, string ensemble, string directory, CancellationToken cancellationToken)
    {
        string program = Environment.ProcessPath!;
        bool isHost = Path.GetFileNameWithoutExtension(program) == "dotnet";
        ProcessStartInfo start = new(program) { RedirectStandardInput = true, RedirectStandardOutput = true };
        string[] arguments = isHost ? [Environment.GetCommandLineArgs()[0]] : [];
        foreach (string argument in (string[])[
            .. arguments, Argument, id.ToString(CultureInfo.InvariantCulture), ensemble.Replace('\n', ' '), directory])
        {
            start.ArgumentList.Add(argument);
        }

        ServerProcess server = new(Process.Start(start)!);
        string? answer = await server._process.StandardOutput.ReadLineAsync(cancellationToken);
        if (answer != Ready)
        {
            await server.DisposeAsync();
            throw new IOException(answer ?? "the process has ended");
        }

        return server;
    }

    /// <summary>The other end: runs a server until standard input ends.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "A failure is a line for the parent.")]
    public static async Task<int> RunChildAsync(string id, string ensemble, string directory)
    {
        try
        {
            await using LocalServer server = await LocalServer.StartAsync(
                int.Parse(id, CultureInfo.InvariantCulture), ensemble.Replace(' ', '\n'), directory, default);
            Console.WriteLine(Ready);
            while (await Console.In.ReadLineAsync() is { } command)
            {
                Console.WriteLine(await server.AskAsync(command, default));
            }

            return 0;
        }
        catch (Exception e)
        {
            Console.WriteLine(e.Message.ReplaceLineEndings(" "));
            return 1;
        }
    }

    public async Task<string> AskAsync(string command, CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteLineAsync(command.AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
        return await _process.StandardOutput.ReadLineAsync(cancellationToken)
            ?? throw new IOException($"the process of the server ended at '{command}'");
    }

    /// <summary>SIGKILL: the process ends in the middle of whatever it was doing.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            using CancellationTokenSource limit = new(TimeSpan.FromSeconds(10));
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
            }
        }

        _process.Dispose();
    }
}
