using System.Diagnostics;
using Zab.Transport.Grpc.Protocol;

namespace Zab.Transport.Grpc.Tests;

/// <summary>A process that runs <c>tests/interop/grpc_peer.py</c> with Debian's Python.</summary>
internal sealed class PythonPeer : IDisposable
{
    private const string Python = "/usr/bin/python3";

    private readonly string _descriptor = Path.GetTempFileName();
    private readonly Process _process;
    private readonly Task<string> _errors;

    private PythonPeer(IEnumerable<string> arguments)
    {
        File.WriteAllBytes(_descriptor, ZabReflection.Descriptor.SerializedData.ToByteArray());
        _process = Start([Script(), _descriptor, .. arguments]);
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts the script.</summary>
    public static async Task<PythonPeer> StartAsync(CancellationToken patience, params string[] arguments)
    {
        await RequireGrpcAsync(patience);
        return new PythonPeer(arguments);
    }

    /// <summary>Runs the script to its end.</summary>
    /// <returns>The lines that it printed.</returns>
    public static async Task<string[]> RunAsync(CancellationToken patience, params string[] arguments)
    {
        using PythonPeer peer = await StartAsync(patience, arguments);
        string output = await peer._process.StandardOutput.ReadToEndAsync(patience);
        await peer._process.WaitForExitAsync(patience);
        Assert.True(peer._process.ExitCode == 0, $"{output}\n{await peer._errors}");
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Reads one line; fails with what the script complained of when there is none.</summary>
    public async Task<string> ReadLineAsync(CancellationToken patience)
    {
        string? line = await _process.StandardOutput.ReadLineAsync(patience);
        if (line is null)
            Assert.Fail(await _errors);
        return line;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
        File.Delete(_descriptor);
    }

    private static async Task RequireGrpcAsync(CancellationToken patience)
    {
        const string Advice =
            "These tests need Debian's gRPC for Python: apt-get install python3-grpcio python3-protobuf";
        Assert.True(File.Exists(Python), Advice);
        using Process process = Start(["-c", "import grpc, google.protobuf"]);
        string errors = await process.StandardError.ReadToEndAsync(patience);
        await process.WaitForExitAsync(patience);
        Assert.True(process.ExitCode == 0, $"{Advice}\n{errors}");
    }

    private static Process Start(IEnumerable<string> arguments) =>
        Process.Start(new ProcessStartInfo(Python, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private static string Script() => Path.Combine(RepositoryRoot.Folder, "tests", "interop", "grpc_peer.py");
}
