using System.Runtime.InteropServices;

namespace Zab.Cli.Sim;

/// <summary>Ctrl+C, or a polite request to end: the work stops. A second Ctrl+C ends the
/// process.</summary>
internal sealed class StopSignal : IDisposable
{
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
        // A request to end may come twice: to the group of processes, and passed on.
        context.Cancel = context.Signal == PosixSignal.SIGTERM || !_source.IsCancellationRequested;
        _source.Cancel();
    }
}
