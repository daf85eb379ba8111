namespace Zab.Transport.Grpc.Links;

/// <summary>The pauses between attempts: doubling, with jitter, so that servers that lost each other together
/// do not come back together. One owner.</summary>
internal sealed class BackOff(GrpcTransportOptions options)
{
    private TimeSpan _next = options.BackOffMin;

    /// <summary>A link came up and is gone again. One that lived starts the pauses anew.</summary>
    public void LinkLived(TimeSpan time)
    {
        if (time >= options.BackOffMax)
            _next = options.BackOffMin;
    }

    /// <summary>Waits for the next pause; ends early, without an exception, when cancelled.</summary>
    public async Task PauseAsync(CancellationToken cancellationToken)
    {
        TimeSpan pause = _next * (0.5 + (Random.Shared.NextDouble() / 2));
        _next = TimeSpan.FromTicks(Math.Min(_next.Ticks * 2, options.BackOffMax.Ticks));
        await Task.Delay(pause, options.TimeProvider, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
