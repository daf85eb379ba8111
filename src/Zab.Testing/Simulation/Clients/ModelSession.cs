using Zab.Core.Primitives;

namespace Zab.Testing.Simulation.Clients;

/// <summary>A session as the committed sequence knows it.</summary>
/// <param name="id">Its id.</param>
/// <param name="timeoutMs">How long its client may be silent, in milliseconds.</param>
/// <param name="openedAt">The transaction that opened it.</param>
internal sealed class ModelSession(SessionId id, int timeoutMs, Zxid openedAt)
{
    /// <summary>Its id.</summary>
    public SessionId Id => id;

    /// <summary>How long its client may be silent, in milliseconds.</summary>
    public int TimeoutMs => timeoutMs;

    /// <summary>The transaction that opened it.</summary>
    public Zxid OpenedAt => openedAt;

    /// <summary>The transaction that closed it; none while it is open.</summary>
    public Zxid ClosedAt { get; set; }

    /// <summary>The nodes that it owns now.</summary>
    public SortedSet<string> Ephemerals { get; } = new(StringComparer.Ordinal);

    /// <summary>The bytes that the list of those nodes takes in a transaction.</summary>
    public int EphemeralBytes { get; private set; }

    /// <summary>The most that <see cref="EphemeralBytes"/> ever was.</summary>
    public int EphemeralBytesMax { get; private set; }

    /// <summary>Counts a node that came, or went.</summary>
    public void CountBytes(int bytes)
    {
        EphemeralBytes += bytes;
        EphemeralBytesMax = int.Max(EphemeralBytesMax, EphemeralBytes);
    }

    /// <summary>Whether it is there after all transactions up to <paramref name="zxid"/>.</summary>
    public bool IsOpenAt(Zxid zxid) => zxid >= openedAt && (ClosedAt == Zxid.None || zxid < ClosedAt);
}
