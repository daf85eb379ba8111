using Zab.Core.Primitives;

namespace Zab.Testing.Simulation.Clients;

/// <summary>A session as the committed sequence knows it.</summary>
/// <param name="id">Its id.</param>
/// <param name="timeoutMs">How long its client may be silent, in milliseconds.</param>
/// <param name="openedAt">The transaction that opened it.</param>
internal sealed class ModelSession(SessionId id, int timeoutMs, Zxid openedAt)
{
    private readonly List<(Zxid From, ServerId Server)> _owners =
        [(openedAt, new ServerId((int)((ulong)id.Value >> 56)))];

    /// <summary>Its id.</summary>
    public SessionId Id => id;

    /// <summary>How long its client may be silent, in milliseconds.</summary>
    public int TimeoutMs => timeoutMs;

    /// <summary>The transaction that opened it.</summary>
    public Zxid OpenedAt => openedAt;

    /// <summary>The transaction that closed it; none while it is open.</summary>
    public Zxid ClosedAt { get; set; }

    /// <summary>The server that serves it now.</summary>
    public ServerId Owner => _owners[^1].Server;

    /// <summary>The nodes that it owns now.</summary>
    public SortedSet<string> Ephemerals { get; } = new(StringComparer.Ordinal);

    /// <summary>All paths at which it ever owned a node.</summary>
    public SortedSet<string> EverOwned { get; } = new(StringComparer.Ordinal);

    /// <summary>The newest of its requests whose answer was kept; 0 for none.</summary>
    public int LastCxid { get; private set; }

    /// <summary>Its requests whose answers are kept.</summary>
    public SortedSet<int> Kept { get; } = [];

    /// <summary>The bytes that the list of its nodes takes in a transaction.</summary>
    public int EphemeralBytes { get; private set; }

    /// <summary>The most that <see cref="EphemeralBytes"/> ever was.</summary>
    public int EphemeralBytesMax { get; private set; }

    /// <summary>Counts a node that came, or went.</summary>
    public void CountBytes(int bytes)
    {
        EphemeralBytes += bytes;
        EphemeralBytesMax = int.Max(EphemeralBytesMax, EphemeralBytes);
    }

    /// <summary>It goes on at a server.</summary>
    public void MoveTo(ServerId server, Zxid zxid) => _owners.Add((zxid, server));

    /// <summary>Keeps the answer to a request, and drops those that its client has.</summary>
    public void Keep(int cxid, int answeredUpTo)
    {
        LastCxid = cxid;
        _ = Kept.RemoveWhere(older => older <= answeredUpTo);
        _ = Kept.Add(cxid);
    }

    /// <summary>The server that serves it after all transactions up to <paramref name="zxid"/>.</summary>
    public ServerId OwnerAt(Zxid zxid) => _owners.FindLast(owner => owner.From <= zxid).Server;

    /// <summary>Whether another server than the given one has served it after <paramref name="after"/>, up
    /// to <paramref name="upTo"/>.</summary>
    public bool WasElsewhere(ServerId server, Zxid after, Zxid upTo) =>
        _owners.Exists(owner => owner.From > after && owner.From <= upTo && owner.Server != server);

    /// <summary>Whether it is there after all transactions up to <paramref name="zxid"/>.</summary>
    public bool IsOpenAt(Zxid zxid) => zxid >= openedAt && (ClosedAt == Zxid.None || zxid < ClosedAt);
}
