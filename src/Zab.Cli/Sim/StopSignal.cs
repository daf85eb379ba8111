using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Zab.Cli.Sim;

/// <summary>Ctrl+C, or a polite request to end: the work stops. A second Ctrl+C ends the process at once, as
/// does a second request, with the exit code of whom the signal kills: 130 or 143.</summary>
internal sealed class StopSignal : IDisposable
{
    private readonly TimeSpan _sameRequest;
    private readonly Lock _lock = new();
    private long _askedAt;
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;

    /// <summary>Listens from now on.</summary>
    /// <param name="sameRequest">Within which time a second request to end is the first one again: it may
    /// come to the group of processes, and passed on.</param>
    public StopSignal(TimeSpan sameRequest)
    {
        _sameRequest = sameRequest;
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
                    && Stopwatch.GetElapsedTime(_askedAt) < _sameRequest);
        }

        _source.Cancel();
    }
}
