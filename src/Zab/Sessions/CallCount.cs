namespace Zab.Sessions;

/// <summary>How many calls of all sessions of a node are under way. Thread-safe.</summary>
/// <param name="max">How many there may be.</param>
internal sealed class CallCount(int max)
{
    private int _count;

    /// <summary>How many there may be.</summary>
    public int Max => max;

    /// <summary>How many there are.</summary>
    public int Current => Volatile.Read(ref _count);

    /// <summary>A call begins that must not be refused.</summary>
    public void Begin() => _ = Interlocked.Increment(ref _count);

    /// <summary>A call begins, if there is room.</summary>
    public bool TryBegin()
    {
        if (Interlocked.Increment(ref _count) <= max)
        {
            return true;
        }

        End();
        return false;
    }

    /// <summary>A call has its answer, or will never have one.</summary>
    public void End() => _ = Interlocked.Decrement(ref _count);
}
