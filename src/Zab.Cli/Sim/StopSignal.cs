using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Zab.Cli.Sim;

/// <summary>Ctrl+C, or a polite request to end: the work stops. A second Ctrl+C ends the process, as does a
/// second request that comes a second or more behind the first.</summary>
/// <remarks>A request to end may come twice at once: to the group of processes, and passed on.</remarks>
internal sealed class StopSignal : IDisposable
{
    private static readonly TimeSpan s_sameRequest = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private long _askedAt;
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;

    /// <summary>Listens from now on.</summary>
    public StopSignal()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
    }

    /// <summary>Cancelled by the signal.</summary>
    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        lock (_lock)
        {
            bool isFirst = _askedAt == 0;
            _askedAt = isFirst ? Stopwatch.GetTimestamp() : _askedAt;
            context.Cancel = isFirst
                || (context.Signal == PosixSignal.SIGTERM
                    && Stopwatch.GetElapsedTime(_askedAt) < s_sameRequest);
        }

        _source.Cancel();
    }
}
