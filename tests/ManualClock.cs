#pragma warning disable IDE0130 // One file, linked into several test projects: it is in no folder of theirs.
namespace Zab;

/// <summary>A clock that the test moves, so that nothing is too late because a machine is busy.</summary>
/// <param name="pauseMax">Pauses up to this pass by themselves: those between two attempts, for which nothing
/// but the next attempt waits.</param>
internal sealed class ManualClock(TimeSpan pauseMax) : TimeProvider
{
    private readonly TimeSpan _pauseMax = pauseMax;
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private TimeSpan _now = TimeSpan.FromDays(1);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        lock (_lock)
        {
            return _now.Ticks;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ManualTimer timer = new(this, callback, state);
        _ = timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves it forward, and does what was to be done until then.</summary>
    public void Advance(TimeSpan time)
    {
        ManualTimer[] due;
        lock (_lock)
        {
            _now += time;
            due = [.. _timers.Where(timer => timer.Due <= _now).OrderBy(timer => timer.Due)];
            Array.ForEach(due, timer => timer.OnDue());
        }

        Array.ForEach(due, timer => timer.Fire());
    }

    /// <summary>Lets all that is done again and again be done once, and no time pass for anything
    /// else.</summary>
    public void Beat()
    {
        ManualTimer[] beating;
        lock (_lock)
        {
            beating = [.. _timers.Where(timer => timer.Period > TimeSpan.Zero)];
        }

        Array.ForEach(beating, timer => timer.Fire());
    }

    private sealed class ManualTimer(ManualClock clock, TimerCallback callback, object? state) : ITimer
    {
        private ITimer? _pause;

        public TimeSpan Due { get; private set; }

        /// <summary>Zero when it fires once.</summary>
        public TimeSpan Period { get; private set; }

        public void Fire() => callback(state);

        /// <summary>Under the clock's lock.</summary>
        public void OnDue()
        {
            Due = clock._now + Period;
            if (Period == TimeSpan.Zero)
            {
                clock._timers.Remove(this);
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                Leave();
                bool isOnce = period == Timeout.InfiniteTimeSpan || period == TimeSpan.Zero;
                if (isOnce && dueTime >= TimeSpan.Zero && dueTime <= clock._pauseMax)
                {
                    _pause = System.CreateTimer(callback, state, dueTime, period);
                }
                else if (dueTime >= TimeSpan.Zero)
                {
                    (Due, Period) = (clock._now + dueTime, isOnce ? TimeSpan.Zero : period);
                    clock._timers.Add(this);
                }
            }

            return true;
        }

        public void Dispose()
        {
            lock (clock._lock)
            {
                Leave();
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        private void Leave()
        {
            _pause?.Dispose();
            _pause = null;
            clock._timers.Remove(this);
        }
    }
}
