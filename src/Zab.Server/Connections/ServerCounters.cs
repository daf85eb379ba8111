namespace Zab.Server.Connections;

/// <summary>What a port counts, for people and for tools. Thread-safe.</summary>
/// <remarks>Source: ZooKeeper <c>ServerStats</c>.</remarks>
internal sealed class ServerCounters
{
    private long _received;
    private long _sent;
    private long _outstanding;
    private long _outstandingBytes;
    private long _requests;
    private long _latencyTotalMs;
    private long _latencyMinMs = long.MaxValue;
    private long _latencyMaxMs;

    /// <summary>Packets that came.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Packets that were sent.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Requests that went to the node's loop and are not answered yet.</summary>
    public long Outstanding => Volatile.Read(ref _outstanding);

    /// <summary>Their bytes on the wire.</summary>
    public long OutstandingBytes => Volatile.Read(ref _outstandingBytes);

    /// <summary>The shortest, the mean and the longest time to an answer, in milliseconds; 0 before there was
    /// one.</summary>
    public (long Min, double Average, long Max) Latency
    {
        get
        {
            long requests = Volatile.Read(ref _requests);
            return requests == 0
                ? (0, 0, 0)
                : (Volatile.Read(ref _latencyMinMs),
                    (double)Volatile.Read(ref _latencyTotalMs) / requests,
                    Volatile.Read(ref _latencyMaxMs));
        }
    }

    /// <summary>Counts packets of one batch.</summary>
    public void Count(int received, int sent)
    {
        if (received != 0)
        {
            _ = Interlocked.Add(ref _received, received);
        }

        if (sent != 0)
        {
            _ = Interlocked.Add(ref _sent, sent);
        }
    }

    /// <summary>Counts requests that went to the loop (above 0), or were answered or given up (below
    /// 0).</summary>
    public void CountOutstanding(int change) => Interlocked.Add(ref _outstanding, change);

    /// <summary>Counts the bytes of such requests.</summary>
    public void CountOutstandingBytes(int change) => Interlocked.Add(ref _outstandingBytes, change);

    /// <summary>Counts an answer.</summary>
    /// <param name="milliseconds">How long it took.</param>
    public void CountAnswer(long milliseconds)
    {
        _ = Interlocked.Increment(ref _requests);
        _ = Interlocked.Add(ref _latencyTotalMs, milliseconds);
        LowerTo(ref _latencyMinMs, milliseconds);
        RaiseTo(ref _latencyMaxMs, milliseconds);
    }

    /// <summary>Begins anew, but for what is outstanding.</summary>
    public void Reset()
    {
        Volatile.Write(ref _received, 0);
        Volatile.Write(ref _sent, 0);
        Volatile.Write(ref _requests, 0);
        Volatile.Write(ref _latencyTotalMs, 0);
        Volatile.Write(ref _latencyMinMs, long.MaxValue);
        Volatile.Write(ref _latencyMaxMs, 0);
    }

    private static void LowerTo(ref long place, long value)
    {
        long now = Volatile.Read(ref place);
        while (value < now)
        {
            long before = Interlocked.CompareExchange(ref place, value, now);
            if (before == now)
            {
                return;
            }

            now = before;
        }
    }

    private static void RaiseTo(ref long place, long value)
    {
        long now = Volatile.Read(ref place);
        while (value > now)
        {
            long before = Interlocked.CompareExchange(ref place, value, now);
            if (before == now)
            {
                return;
            }

            now = before;
        }
    }
}
