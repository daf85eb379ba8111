namespace Zab.Testing.Simulation.Hosting;

/// <summary>A user's token, of whose cancellation servers and sessions learn between two events.</summary>
internal sealed class PumpedToken : IDisposable
{
    private readonly CancellationTokenSource? _source;
    private readonly CancellationTokenRegistration _registration;
    private bool _isOver;

    /// <summary>Follows a token.</summary>
    public PumpedToken(Pump pump, CancellationToken original)
    {
        Original = original;
        if (original.CanBeCanceled && !original.IsCancellationRequested)
        {
            CancellationTokenSource source = _source = new CancellationTokenSource();
            _registration = original.UnsafeRegister(_ => pump.Queue(() => Cancel(source)), null);
        }
    }

    /// <summary>The user's token.</summary>
    public CancellationToken Original { get; }

    /// <summary>The token that follows it.</summary>
    public CancellationToken Token => _source?.Token ?? Original;

    /// <inheritdoc/>
    public void Dispose()
    {
        _isOver = true;
        _registration.Dispose();
        _source?.Dispose();
    }

    private void Cancel(CancellationTokenSource source)
    {
        if (!_isOver)
        {
            source.Cancel();
        }
    }
}
