using Zab.Core;
using Zab.Core.Messages;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Core.Quorum;
using Zab.Core.Recovery;
using Zab.Core.Requests;
using Zab.Core.Sessions;

namespace Zab.Testing.Simulation.Checks;

/// <summary>What must not go on for too long, and not end too early, by each server's own clock: a role
/// without those it needs (R14), a session without its client (E16); and what a leader has under way
/// (L7).</summary>
internal sealed class Timeliness(WorldSettings settings, QuorumVerifier verifier)
{
    private readonly SortedDictionary<int, Clock> _clocks = [];

    /// <summary>Ticks are about to pass for a server.</summary>
    public void OnTicks(SimulatedServer server, int ticks)
    {
        Clock clock = ClockOf(server);
        long before = clock.Now;
        clock.Now += ticks;
        if (ticks > 2 * settings.Roles.PingTicks)
        {
            clock.HeldAt = clock.Now; // it cannot know who was silent
        }

        int period = settings.Roles.PingTicks;
        (long first, long last) = (before - (before % period) + period, clock.Now - (clock.Now % period));
        if (first <= last && clock.LeadsSince is not null)
        {
            NoteOwnAlive(server, first, last);
        }
    }

    /// <summary>A leader looks at its own clients: one that must be heard shows once for all these ticks that
    /// it lives, any other at each look.</summary>
    private void NoteOwnAlive(SimulatedServer leader, long first, long last)
    {
        ClientDesk clients = leader.Replica!.Clients;
        List<SessionId> open = clients.OpenSessions();
        NoteAlive(leader, leader.Id, open.FindAll(id => clients.Find(id)!.IsLive), first);
        NoteAlive(leader, leader.Id, open.FindAll(id => !clients.Find(id)!.MustBeHeard), last);
    }

    /// <summary>A message arrives at a server, which has not seen it yet.</summary>
    public void OnDelivered(SimulatedServer server, Link link, in Message message)
    {
        if (link.Kind != LinkKind.Quorum)
        {
            return;
        }

        Clock clock = ClockOf(server);
        clock.Heard[link.Peer.Value] = clock.Now;
        if (message.Type == MessageType.Ping && clock.LeadsSince is not null
            && message.Body.Length % sizeof(long) == 0
            && PeerMessages.TryDecodeSessions(message.Body.Span, out List<SessionId> sessions))
        {
            NoteAlive(server, link.Peer, sessions, clock.Now);
        }
    }

    /// <summary>A server says of sessions that they are alive: that counts for those that it
    /// serves.</summary>
    private void NoteAlive(SimulatedServer leader, ServerId speaker, List<SessionId> sessions, long at)
    {
        Clock clock = ClockOf(leader);
        foreach (SessionId session in sessions)
        {
            if (OwnerOf(leader.Replica!, session) == speaker)
            {
                clock.Sessions[session] = at;
            }
        }
    }

    /// <summary>The server that serves a session by what the leader has proposed.</summary>
    private static ServerId OwnerOf(Replica leader, SessionId session)
    {
        ServerId owner = leader.Committed.Sessions.TryGet(session, out SessionRecord? record)
            ? record.Owner
            : SessionTable.OpenerOf(session);
        History history = leader.Log.History;
        for (long index = history.EndIndex - 1;
            index >= history.FirstIndex && history[index].Position.Zxid > leader.Committed.LastZxid;
            index--)
        {
            ReadOnlyMemory<byte> body = history[index].Body;
            if (TxnHeader.Peek(body) is { Type: OpCode.MoveSession } header && header.Session == session)
            {
                _ = TxnRecords.TryRead(
                    header.Type, body.Span[TxnHeader.Bytes..^TxnTrailer.Bytes], out TxnView view);
                return new ServerId(view.Number);
            }
        }

        return owner;
    }

    /// <summary>A server ended a turn.</summary>
    public void OnTurn(SimulatedServer server, Ready ready)
    {
        Clock clock = ClockOf(server);
        ReplicaStatus status = ready.Status;
        if (!status.IsServing || status.State != ServerState.Leading)
        {
            clock.LeadsSince = null;
            clock.Sessions.Clear();
            if (status.IsServing)
            {
                CheckHears(server, clock, status.Leader);
            }

            return;
        }

        clock.LeadsSince ??= clock.Now;
        CheckHeard(server, clock);
        CheckUnderWay(server);
        foreach (LogRecord record in ready.Persist)
        {
            if (record.Kind == LogRecordKind.Entry && record.Position.Zxid.Epoch == status.Epoch
                && TxnHeader.Peek(record.Body) is { Type: OpCode.CloseSession, Cxid: 0 } close)
            {
                CheckExpiry(server, clock, close.Session);
            }
        }
    }

    /// <summary>A tick of a server has passed: a candidate gives up soon when it can know that no quorum will
    /// follow it (R26, ZB-52).</summary>
    /// <param name="server">The server.</param>
    /// <param name="all">All servers.</param>
    /// <param name="isCalm">Whether nothing is wrong with links, disks and clocks, so that it can
    /// know.</param>
    public void OnTicked(SimulatedServer server, IEnumerable<SimulatedServer> all, Func<bool> isCalm)
    {
        Clock clock = ClockOf(server);
        bool isCandidate = server.Replica!.Status is { State: ServerState.Leading, IsServing: false };
        if (!isCandidate || MayHaveQuorum(server, all) || !isCalm())
        {
            clock.HopelessSince = null;
            return;
        }

        clock.HopelessSince ??= clock.Now;
        long hopeless = clock.Now - clock.HopelessSince.Value;
        Rule.Holds(
            hopeless <= settings.Roles.SyncLimitTicks + settings.Roles.PingTicks,
            $"R26: server {server.Id} would lead, and for {hopeless} ticks no quorum has wanted it");
    }

    /// <summary>A tick of a server has passed: a learner that has not joined gives up soon when no link goes
    /// to whom it would follow (R26, ZB-52). It knows its own links, so nothing has to be calm.</summary>
    /// <param name="server">The server.</param>
    /// <param name="isLinked">Whether a link of the server to another is up, as far as the server
    /// knows.</param>
    public void CheckLinked(SimulatedServer server, Func<SimulatedServer, ServerId, bool> isLinked)
    {
        Clock clock = ClockOf(server);
        ReplicaStatus status = server.Replica!.Status;
        bool isJoining = !status.IsServing && status.State is ServerState.Following or ServerState.Observing;
        if (!isJoining || isLinked(server, status.Leader))
        {
            clock.UnlinkedSince = null;
            return;
        }

        clock.UnlinkedSince ??= clock.Now;
        long unlinked = clock.Now - clock.UnlinkedSince.Value;
        Rule.Holds(
            unlinked <= settings.Roles.PingTicks,
            $"R26: server {server.Id} would follow {status.Leader}, out of its reach for {unlinked} ticks");
    }

    private bool MayHaveQuorum(SimulatedServer candidate, IEnumerable<SimulatedServer> all)
    {
        ServerSet possible = default;
        foreach (SimulatedServer server in all)
        {
            bool wants = server == candidate
                || (server.Replica is { } replica
                    ? replica.Status.Leader == candidate.Id
                        || (replica.Status.State == ServerState.Looking
                            && replica.Election.Vote.Candidate == candidate.Id)
                    : server.Life > 1); // its end may not have been noticed
            if (wants && verifier.IsVoter(server.Id))
            {
                possible.Add(server.Id);
            }
        }

        return verifier.IsQuorum(possible);
    }

    private void CheckHears(SimulatedServer server, Clock clock, ServerId leader)
    {
        long silentFor = clock.Now - clock.Heard.GetValueOrDefault(leader.Value);
        Rule.Holds(
            silentFor <= settings.Roles.SyncLimitTicks,
            $"R14: server {server.Id} serves, and has not heard its leader {leader} for {silentFor} ticks");
    }

    private void CheckHeard(SimulatedServer server, Clock clock)
    {
        ServerSet heard = ServerSet.Of(server.Id);
        foreach ((int id, long at) in clock.Heard)
        {
            if (clock.Now - at <= settings.Roles.SyncLimitTicks)
            {
                heard.Add(new ServerId(id));
            }
        }

        Rule.Holds(
            verifier.IsQuorum(heard.Intersect(verifier.Voters)),
            $"R14: server {server.Id} leads, and has heard only {heard} within the sync limit");
    }

    private void CheckUnderWay(SimulatedServer leader)
    {
        History history = leader.Replica!.Log.History;
        bool known = history.TryFindEnd(leader.Replica.Log.Committed, out long committed);
        Rule.Holds(
            !known || history.EndIndex - committed <= settings.OutstandingMax,
            $"L7: leader {leader.Id} has {history.EndIndex - committed} proposals under way, and "
            + $"{settings.OutstandingMax} are allowed");
    }

    /// <summary>A session ends only when nothing was heard of it for its whole timeout: by this leader, from
    /// when it began or was held up last (ZB-69).</summary>
    private void CheckExpiry(SimulatedServer leader, Clock clock, SessionId session)
    {
        if (!leader.Replica!.Committed.Sessions.TryGet(session, out SessionRecord? record))
        {
            return;
        }

        long heard = Math.Max(clock.LeadsSince!.Value, clock.HeldAt);
        heard = Math.Max(heard, clock.Sessions.GetValueOrDefault(session));
        int timeout = (record.TimeoutMs + settings.TickMs - 1) / settings.TickMs;
        Rule.Holds(
            clock.Now - heard >= timeout,
            $"E16: leader {leader.Id} ends {session} after {clock.Now - heard} ticks; it has {timeout}");
    }

    private Clock ClockOf(SimulatedServer server)
    {
        if (!_clocks.TryGetValue(server.Id.Value, out Clock? clock) || clock.Life != server.Life)
        {
            _clocks[server.Id.Value] = clock = new Clock(server.Life);
        }

        return clock;
    }

    /// <summary>What a server has seen by its own clock, in one life.</summary>
    private sealed class Clock(int life)
    {
        public int Life => life;

        public long Now { get; set; }

        public long HeldAt { get; set; }

        public long? LeadsSince { get; set; }

        public long? HopelessSince { get; set; }

        public long? UnlinkedSince { get; set; }

        public SortedDictionary<int, long> Heard { get; } = [];

        public Dictionary<SessionId, long> Sessions { get; } = [];
    }
}
