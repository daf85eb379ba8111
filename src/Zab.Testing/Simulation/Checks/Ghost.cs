using Zab.Core;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Core.Quorum;
using Zab.Core.Requests;
using Zab.Testing.Simulation.Clients;

namespace Zab.Testing.Simulation.Checks;

/// <summary>Knows everything that ever happened in the ensemble, and checks every step against it.</summary>
/// <remarks>
/// <para>Nothing resets it: not a crash, not even that of all servers at once. With a running hash in every
/// position each check is a look-up, so all of them are on, always. The ids are those of
/// docs/correctness.md.</para>
/// <para>This part: the servers' lives and logs. It trusts nothing that the core keeps, only what the core
/// hands over: records, messages, answers, and the state it shows.</para>
/// </remarks>
internal sealed partial class Ghost
{
    /// <summary>How the reason begins for which a server leaves its role when its state differs.</summary>
    private const string DivergedReason = "The state of this server differs";

    private readonly SortedDictionary<int, GhostServer> _servers = [];
    private readonly QuorumVerifier _verifier;
    private readonly CommittedSequence _committed;
    private readonly ClientChecks _clients;
    private readonly Dictionary<Zxid, (ChainHash Chain, LogPosition Before)> _entries = [];
    private readonly Dictionary<Zxid, ReadOnlyMemory<byte>> _bodies = [];
    private readonly Dictionary<int, (ServerId Owner, LogPosition End)> _initialHistories = [];
    private readonly Dictionary<int, ServerSet> _adopted = [];
    private readonly Dictionary<Zxid, ulong> _digests = [];
    private readonly HashSet<Link> _forgiven = [];
    private readonly LogPosition _start;
    private int _newestEpoch;

    /// <summary>Ghosts of servers that all begin with the same history, which ends at
    /// <paramref name="start"/>.</summary>
    public Ghost(QuorumVerifier verifier, LogPosition start, Epochs epochs, ClientChecks clients)
    {
        _verifier = verifier;
        _start = start;
        _clients = clients;
        _committed = new CommittedSequence(start);
        IEnumerable<ServerId> members = verifier.Voters.InOrder().Concat(verifier.Observers.InOrder());
        foreach (ServerId id in members)
        {
            _servers.Add(id.Value, new GhostServer(id, start)
            {
                Appended = new LogAccount(start, epochs),
                Durable = new LogAccount(start, epochs),
            });
        }
    }

    /// <summary>Everything that is committed.</summary>
    public CommittedSequence Committed => _committed;

    /// <summary>The newest epoch that was established.</summary>
    public int NewestEpoch => _newestEpoch;

    /// <summary>How many epochs were established.</summary>
    public int Elections { get; private set; }

    /// <summary>Whether servers may find that their states differ, as something made them so on
    /// purpose.</summary>
    public bool ForgivesDivergence { get; set; }

    /// <summary>Nonsense is on its way on a link: its receiver may end it for that.</summary>
    public void ForgiveViolationOf(Link link) => _ = _forgiven.Add(link);

    /// <summary>What is known of a server.</summary>
    public GhostServer this[ServerId id] => _servers[id.Value];

    /// <summary>Whether a quorum of voters would still have the position after a loss of power.</summary>
    public bool IsOnQuorum(LogPosition position)
    {
        ServerSet holders = default;
        foreach (GhostServer server in _servers.Values)
        {
            if (server.Durable.Head.Zxid >= position.Zxid && server.Durable.Contains(position))
            {
                holders.Add(server.Id);
            }
        }

        return _verifier.IsQuorum(holders);
    }

    /// <summary>A server starts: its log must be what was flushed, and at most a part of what was not
    /// (S19).</summary>
    /// <param name="id">The server.</param>
    /// <param name="recovery">What its store found.</param>
    /// <param name="records">The records of <paramref name="recovery"/>.</param>
    /// <param name="isDamaged">Whether bits of the disk have flipped: then the last flush may look like a
    /// write that was never finished, as no one can tell the two apart (D5).</param>
    public void OnStarted(
        ServerId id, LogRecovery recovery, IReadOnlyList<LogRecord> records, bool isDamaged)
    {
        GhostServer server = this[id];
        LogAccount found = AccountOf(id, recovery, records);
        LogAccount expected = server.Durable.Copy();
        bool isTailLost = isDamaged && found.Head.Zxid >= server.BeforeLastFlush.Head.Zxid
            && expected.Contains(found.Head) && found.Epochs.Current >= server.BeforeLastFlush.Epochs.Current;
        if (isTailLost && (found.Head != expected.Head || found.Epochs != expected.Epochs))
        {
            OnRestored(id, found, []);
            expected = found;
        }

        while (found.Head != expected.Head || found.Epochs != expected.Epochs)
        {
            Rule.Holds(
                server.Pending.TryDequeue(out LogRecord next),
                $"S19: server {id} had flushed {server.Durable.Head} and {server.Durable.Epochs}, and came "
                + $"back with {found.Head} and {found.Epochs}");
            expected.Take(next);
        }

        // Any more records that change nothing belong to neither.
        server.Pending.Clear();
        Rule.Holds(
            recovery.Snapshot is not { } snapshot || _committed.Contains(snapshot),
            $"R10: server {id} has a snapshot at {recovery.Snapshot}, which is not committed");
        server.ForgetMemory();
        (server.Appended, server.Durable) = (found, found.Copy());
        (server.RecordsAppended, server.RecordsDurable) = (0, 0);
        server.HasFailed = false;
        server.IsRunning = true;
    }

    /// <summary>What a loss of power now would leave on the server's disk must cover what the server
    /// said.</summary>
    public void CheckShadow(ServerId id, LogRecovery recovery, IReadOnlyList<LogRecord> records)
    {
        GhostServer server = this[id];
        LogAccount found = AccountOf(id, recovery, records);
        LogAccount expected = server.Durable.Copy();
        foreach (LogRecord next in server.Pending)
        {
            if (found.Head == expected.Head && found.Epochs == expected.Epochs)
            {
                return;
            }

            expected.Take(next);
        }

        Rule.Holds(
            found.Head == expected.Head && found.Epochs == expected.Epochs,
            $"S19: server {id} flushed {server.Durable.Head} and {server.Durable.Epochs}, and would come "
            + $"back with {found.Head} and {found.Epochs}");
    }

    /// <summary>The state with which a started server begins.</summary>
    public void OnRecovered(ServerId id, Replica replica)
    {
        GhostServer server = this[id];
        server.Applied = replica.Status.Applied;
        CheckApplied(server, server.Applied);
        _clients.OnApplied(id, server.Applied, server.Applied);
        NoteAdopted(server);
        CheckDigest(server, replica);
    }

    /// <summary>A server is gone, with everything that it had in memory.</summary>
    public void OnStopped(ServerId id)
    {
        this[id].ForgetMemory();
        _clients.OnServerStopped(id);
    }

    /// <summary>A server's disk was replaced by an empty one.</summary>
    public void OnWiped(ServerId id)
    {
        GhostServer fresh = new(id, LogPosition.Start);
        _servers[id.Value] = fresh;
    }

    /// <summary>A server's disk was replaced by an older copy.</summary>
    /// <param name="id">The server.</param>
    /// <param name="copy">What it had been told to be flushed when the copy was made.</param>
    /// <param name="pending">What was under way then, and may be in the copy: a flush is done before its
    /// server hears of it.</param>
    public void OnRestored(ServerId id, LogAccount copy, IEnumerable<LogRecord> pending)
    {
        GhostServer server = this[id];
        server.Pending.Clear();
        foreach (LogRecord record in pending)
        {
            server.Pending.Enqueue(record);
        }

        server.Durable = copy.Copy();
        server.Adopted.Clear();
        server.Promised.Clear();
    }

    /// <summary>A server has written a snapshot: it must show what was committed, as it was (R10).</summary>
    public void OnSnapshotWritten(ServerId id, LogPosition position, DataState state)
    {
        Rule.Holds(
            _committed.Contains(position),
            $"R10: server {id} has taken a snapshot at {position}, which is not committed");
        Rule.Holds(
            !_digests.TryGetValue(position.Zxid, out ulong digest) || StateDigest.Of(state) == digest,
            $"S21: server {id} has taken a snapshot that shows another state at {position}");
    }

    /// <summary>An operation on a server's log failed: it has nothing more to say (R15).</summary>
    public void OnLogFailed(ServerId id) => this[id].HasFailed = true;

    /// <summary>A server's disk holds this many records of those handed over since it started.</summary>
    public void OnPersisted(ServerId id, long records)
    {
        GhostServer server = this[id];
        server.BeforeLastFlush = (server.Durable.Head, server.Durable.Epochs);
        for (; server.RecordsDurable < records; server.RecordsDurable++)
        {
            server.Durable.Take(server.Pending.Dequeue());
            NoteAdopted(server);
        }

        GrowByQuorum(server);
    }

    private void NoteAdopted(GhostServer server)
    {
        int epoch = server.Durable.Epochs.Current;
        ServerSet adopted = _adopted.GetValueOrDefault(epoch);
        if (!adopted.Contains(server.Id))
        {
            adopted.Add(server.Id);
            _adopted[epoch] = adopted;
        }
    }

    /// <summary>What a store gave back, which must be without a hole (S24).</summary>
    private static LogAccount AccountOf(
        ServerId id, LogRecovery recovery, IReadOnlyList<LogRecord> records)
    {
        LogAccount account = new(recovery.Base, recovery.Epochs);
        foreach (LogRecord record in records)
        {
            LogPosition head = account.Head;
            Rule.Holds(
                record.Kind != LogRecordKind.Entry
                || head.Chain.Extend(record.Position.Zxid, record.Body.Span) == record.Position.Chain,
                $"S24: server {id} finds {record.Position} after {head} in its log, with nothing between");
            account.Take(record);
        }

        return account;
    }

    /// <summary>What a quorum that took over the same epoch has on its disks is committed, whoever knows it
    /// yet.</summary>
    private void GrowByQuorum(GhostServer server)
    {
        if (!_verifier.IsVoter(server.Id))
        {
            return;
        }

        LogPosition best = _committed.Last;
        GhostServer owner = server;
        foreach (GhostServer other in _servers.Values)
        {
            LogPosition head = other.Durable.Head;
            if (head.Zxid > best.Zxid && other.Durable.Epochs.Current == server.Durable.Epochs.Current
                && IsCommittedBy(server.Durable.Epochs.Current, head))
            {
                (best, owner) = (head, other);
            }
        }

        if (best != _committed.Last)
        {
            GrowTo(best, owner);
        }
    }

    private bool IsCommittedBy(int epoch, LogPosition position)
    {
        ServerSet holders = default;
        foreach (GhostServer server in _servers.Values)
        {
            if (server.Durable.Epochs.Current == epoch && server.Durable.Head.Zxid >= position.Zxid
                && server.Durable.Contains(position))
            {
                holders.Add(server.Id);
            }
        }

        return _verifier.IsQuorum(holders);
    }

    /// <summary>Adds to C everything up to a position of a server's history.</summary>
    private void GrowTo(LogPosition position, GhostServer server)
    {
        LogAccount path = server.Durable.Head.Zxid >= position.Zxid ? server.Durable : server.Appended;
        Rule.Holds(
            path.Contains(_committed.Last),
            $"S6: server {server.Id} commits {position}, and its history lacks {_committed.Last}, which is "
            + $"committed");
        while (_committed.Last.Zxid < position.Zxid)
        {
            LogPosition? next = path.Next(_committed.Last.Zxid);
            Rule.Holds(
                next is not null && IsKnownAfter(next.Value, _committed.Last),
                $"S8: {next} was committed on server {server.Id} after {_committed.Last}, which it does not "
                + $"follow");
            Rule.Holds(
                _newestEpoch <= next!.Value.Zxid.Epoch
                || _initialHistories[_newestEpoch].End.Zxid >= next.Value.Zxid,
                $"S10: {next} is committed though epoch {_newestEpoch} began without it");
            _committed.Add(next!.Value);
            Rule.Holds(
                _bodies.Remove(next.Value.Zxid, out ReadOnlyMemory<byte> body),
                $"S4: {next} is committed, and was never proposed");
            _clients.OnCommitted(next.Value, body);
        }
    }

    private bool IsKnownAfter(LogPosition position, LogPosition before) =>
        _entries.TryGetValue(position.Zxid, out (ChainHash Chain, LogPosition Before) entry)
        && entry.Chain == position.Chain && entry.Before == before;
}
