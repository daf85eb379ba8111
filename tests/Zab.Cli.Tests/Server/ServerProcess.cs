using System.Diagnostics;
using Zab.Cli.Sim;

namespace Zab.Cli.Tests.Server;

/// <summary>The tool in a process of its own.</summary>
internal sealed class ServerProcess : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly Task<string> _error;

    public ServerProcess(params IEnumerable<string> arguments)
    {
        ProcessStartInfo start = SecondProcess.Start(typeof(CommandLine).Assembly.Location, arguments);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _process = Process.Start(start)!;
        _error = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>The next line of its output; null at the end.</summary>
    public Task<string?> ReadLineAsync() => _process.StandardOutput.ReadLineAsync().WaitAsync(s_limit);

    /// <summary>Sends it a signal, as <c>kill</c> does.</summary>
    public async Task SignalAsync(string signal)
    {
        using Process kill = Process.Start("kill", ["-s", signal, $"{_process.Id}"]);
        await kill.WaitForExitAsync().WaitAsync(s_limit);
    }

    /// <summary>Sends it a signal again and again, until it has ended.</summary>
    public async Task SignalUntilItEndsAsync(string signal)
    {
        using Process kill = Process.Start(
            "sh", ["-c", $"while kill -s {signal} {_process.Id} 2>/dev/null; do :; done"]);
        await _process.WaitForExitAsync().WaitAsync(s_limit);
        await kill.WaitForExitAsync().WaitAsync(s_limit);
    }

    /// <summary>Its exit code, what else it wrote to its output, and all that it wrote to its error
    /// output.</summary>
    public async Task<(int ExitCode, string Output, string Error)> EndAsync()
    {
        string output = await _process.StandardOutput.ReadToEndAsync().WaitAsync(s_limit);
        await _process.WaitForExitAsync().WaitAsync(s_limit);
        return (_process.ExitCode, output, await _error.WaitAsync(s_limit));
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
