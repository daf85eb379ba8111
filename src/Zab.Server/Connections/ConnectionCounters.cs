using Zab.Core.Primitives;
using Zab.Core.Requests;

namespace Zab.Server.Connections;

/// <summary>What is counted of one connection. Its task counts; any thread may read or reset, and sees
/// numbers that may be of two neighbouring moments.</summary>
/// <remarks>Source: ZooKeeper <c>ServerCnxn</c>.</remarks>
internal sealed class ConnectionCounters
{
    private long _received;
    private long _sent;
    private long _answers;
    private long _totalMs;
    private long _minMs = long.MaxValue;
    private long _lastZxid = -1;

    /// <summary>Packets that came.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Packets that were sent.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>What was answered last; 0 before anything was.</summary>
    public OpCode LastOperation { get; private set; }

    /// <summary>The client's number of what was answered last; -1 before anything was.</summary>
    public int LastCxid { get; private set; } = -1;

    /// <summary>The zxid in the last answer; -1 before there was one.</summary>
    public long LastZxid => Volatile.Read(ref _lastZxid);

    /// <summary>When the last answer was given, as a <see cref="Environment.TickCount64"/> in milliseconds; 0
    /// before there was one.</summary>
    public long LastAnswerAt { get; private set; }

    /// <summary>How long the last answer took, in milliseconds.</summary>
    public long LastMs { get; private set; }

    /// <summary>How long the quickest took, in milliseconds; 0 before there was one.</summary>
    public long MinMs => Volatile.Read(ref _minMs) is long.MaxValue ? 0 : Volatile.Read(ref _minMs);

    /// <summary>How long the slowest took, in milliseconds.</summary>
    public long MaxMs { get; private set; }

    /// <summary>How long they took in the mean, in whole milliseconds.</summary>
    public long AverageMs => Volatile.Read(ref _totalMs) / Math.Max(1, Volatile.Read(ref _answers));

    /// <summary>Counts packets of one batch.</summary>
    public void Count(int received, int sent)
    {
        Volatile.Write(ref _received, _received + received);
        Volatile.Write(ref _sent, _sent + sent);
    }

    /// <summary>Counts an answer.</summary>
    public void CountAnswer(OpCode operation, int cxid, Zxid zxid, long milliseconds)
    {
        LastOperation = operation;
        LastCxid = cxid;
        LastMs = milliseconds;
        LastAnswerAt = Environment.TickCount64;
        Volatile.Write(ref _lastZxid, zxid.Value);
        Volatile.Write(ref _minMs, Math.Min(_minMs, milliseconds));
        MaxMs = Math.Max(MaxMs, milliseconds);
        Volatile.Write(ref _totalMs, _totalMs + milliseconds);
        Volatile.Write(ref _answers, _answers + 1);
    }

    /// <summary>Begins anew.</summary>
    public void Reset()
    {
        Volatile.Write(ref _received, 0);
        Volatile.Write(ref _sent, 0);
        Volatile.Write(ref _answers, 0);
        Volatile.Write(ref _totalMs, 0);
        Volatile.Write(ref _minMs, long.MaxValue);
        (LastOperation, LastCxid, LastMs, MaxMs) = (default, -1, 0, 0);
        Volatile.Write(ref _lastZxid, -1);
    }
}
