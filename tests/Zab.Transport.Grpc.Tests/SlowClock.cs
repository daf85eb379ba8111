namespace Zab.Transport.Grpc.Tests;

/// <summary>A clock by which whoever is slow has ten times as long, so that a busy machine cuts off nobody who
/// is about to answer.</summary>
/// <remarks>A transport gives the other side a second to hear why a link ends. Pauses between two attempts are
/// shorter, and as long as ever.</remarks>
internal sealed class SlowClock : TimeProvider
{
    private const int Factor = 10;

    private static readonly TimeSpan s_pauseMax = TimeSpan.FromMilliseconds(500);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new Timer(System, callback, state, dueTime, period);

    private static TimeSpan Stretched(TimeSpan time) => time > s_pauseMax ? Factor * time : time;

    private sealed class Timer(
        TimeProvider clock, TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) : ITimer
    {
        private readonly ITimer _timer = clock.CreateTimer(callback, state, Stretched(dueTime), period);

        public bool Change(TimeSpan dueTime, TimeSpan period) => _timer.Change(Stretched(dueTime), period);

        public void Dispose() => _timer.Dispose();

        public ValueTask DisposeAsync() => _timer.DisposeAsync();
    }
}
