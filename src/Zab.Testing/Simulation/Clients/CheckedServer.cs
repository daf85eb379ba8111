using Zab.Core.Primitives;

namespace Zab.Testing.Simulation.Clients;

/// <summary>One run of a server, from its start to its stop, as its clients know it.</summary>
internal sealed class CheckedServer(ServerId id)
{
    /// <summary>The server.</summary>
    public ServerId Id => id;

    /// <summary>How far it has applied the committed sequence, as far as is known.</summary>
    public Zxid Applied { get; set; }

    /// <summary>The places where a snapshot took it forward, in order.</summary>
    public List<StateJump> Jumps { get; } = [];

    /// <summary>The state by which a server knew of a transaction that was done before: after the jump over
    /// it, if there was one.</summary>
    public Zxid StateAfter(Zxid zxid) =>
        Jumps.Find(jump => jump.From < zxid && zxid <= jump.To)?.To ?? zxid;

    /// <summary>The sessions that it serves, in the order in which they came; one that moved may come
    /// again.</summary>
    public List<CheckedConnection> Connections { get; } = [];

    /// <summary>The same, by session.</summary>
    public Dictionary<SessionId, List<CheckedConnection>> BySession { get; } = [];

    /// <summary>Clients that came with a wrong password, and have not been turned away yet.</summary>
    public HashSet<(SessionId Session, int Cxid)> Strangers { get; } = [];
}

/// <summary>A snapshot took a server from one state to a later one.</summary>
/// <param name="From">The state before.</param>
/// <param name="To">The state after.</param>
/// <param name="Changes">The difference, as watches are told of it.</param>
internal sealed record StateJump(Zxid From, Zxid To, IReadOnlyList<ModelChange> Changes);
