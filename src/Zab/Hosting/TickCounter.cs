namespace Zab.Hosting;

/// <summary>Counts the ticks that a clock owes.</summary>
/// <remarks>Measured on the monotonic clock, not by counting timers: so after a pause of the process the loop makes up for
/// the missed ticks before it reads any queued fact, and the replica notices its own stall first.</remarks>
internal sealed class TickCounter(TimeProvider time, int tickMs, int owedMax)
{
    private readonly long _start = time.GetTimestamp();
    private long _counted;

    /// <summary>Takes the ticks that are due, at most <c>owedMax</c>; those beyond are gone.</summary>
    public int Take()
    {
        long passed = (long)(time.GetElapsedTime(_start).TotalMilliseconds / tickMs);
        long due = Math.Min(passed - _counted, owedMax);
        _counted = passed;
        return (int)Math.Max(0, due);
    }
}
