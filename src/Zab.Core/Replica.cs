using System.Collections.Generic;
using System.IO;
using Zab.Core.Broadcast;
using Zab.Core.Election;
using Zab.Core.Messages;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Core.Quorum;
using Zab.Core.Recovery;
using Zab.Core.Requests;
using Zab.Core.Roles;

namespace Zab.Core;

/// <summary>The whole server without its wires: facts go in, one <see cref="Ready"/> comes out.</summary>
/// <remarks>
/// <para>Deterministic and synchronous. The host enters it with facts, as many as it likes in one turn, then
/// takes the turn's <see cref="Ready"/> and carries it out. Nothing here blocks, waits, or calls out. Not
/// thread-safe: one owner.</para>
/// <para>An <see cref="InvariantViolatedException"/> is final: the replica must not be entered again
/// (R20).</para>
/// </remarks>
internal sealed partial class Replica
{
    private readonly ReplicaOptions _options;
    private readonly Outbox _outbox = new();
    private readonly Prng _prng;
    private readonly RoleContext _context;
    private readonly CommittedData _data;
    private readonly ClientDesk _clients;
    private readonly SortedDictionary<int, Link> _electionLinks = [];
    private readonly Dictionary<Link, Message?> _quorumLinks = [];
    private readonly SortedSet<int> _toNotify = [];
    private Role _role = new Looking();
    private LeaderDesk? _leaderDesk;
    private Zxid _serveFrom;
    private Message _lastNotification;
    private string _reason = "";
    private long _timeMs;
    private int _breaksSeen;
    private bool _wasServing;
    private long _servedAt;

    /// <summary>A replica that continues from what its disk holds.</summary>
    /// <param name="options">Checked options.</param>
    /// <param name="recovery">What the store found.</param>
    /// <exception cref="InvalidDataException">The records contradict each other.</exception>
    public Replica(ReplicaOptions options, LogRecovery recovery)
    {
        _options = options;
        _prng = new Prng(options.Seed);
        _data = CommittedData.Recover(
            recovery,
            options.SnapshotChunkBytesMax,
            _recovered = new RecoveredOutcomes(options.RecoveredOutcomesMax),
            out History history,
            out Epochs epochs,
            out LogPosition committed);
        _clients = new ClientDesk(
            options.Self, _data, options.Rules.Access, options.SessionWatchesMax, options.WatchesMax);
        _asked = new RequestWindow(
            new FlowLimits(options.Roles.InFlightEntriesMax, options.Roles.InFlightBytesMax));
        _secret = options.Secret.IsEmpty ? MadeUpSecret() : options.Secret;
        _onApplying = _clients.OnApplying;
        _mustReadBefore = header => _clients.HasReadBefore(header.Session, header.Cxid);
        QuorumVerifier verifier = new MajorityQuorum(options.Voters, options.Observers);
        Invariant.Holds(verifier.IsMember(options.Self));
        _context = new RoleContext
        {
            Self = options.Self,
            Verifier = verifier,
            Options = options.Roles,
            Outbox = _outbox,
            Log = new ReplicatedLog(_outbox, history, epochs, committed),
            Election = new FastLeaderElection(options.Self, verifier, options.Roles.Election),
            State = _data,
        };
        PlanNextSnapshot();
        StartElection();
    }

    /// <summary>What the replica is now.</summary>
    public ReplicaStatus Status => new(
        _role.State,
        _role.LeaderId,
        _context.Log.Epochs.Current,
        IsServing,
        _context.Log.Last.Zxid,
        _data.Applied.Zxid,
        _reason);

    /// <summary>The state that readers see after this turn.</summary>
    public DataState Committed => _data.State;

    /// <summary>The log, for scripts and checks.</summary>
    public ReplicatedLog Log => _context.Log;

    /// <summary>The watches, for scripts and checks.</summary>
    public ClientDesk Clients => _clients;

    /// <summary>The election, for scripts and checks.</summary>
    public FastLeaderElection Election => _context.Election;

    /// <summary>What it knows as the leader; null when it does not lead, or not yet.</summary>
    public LeadershipFacts? Leadership => _role is Leader leader && _leaderDesk is { } desk
        ? new LeadershipFacts(
            [.. leader.Synced], desk.PendingSyncs, desk.Sizes, (_context.Now - desk.Since) * _options.TickMs)
        : null;

    /// <summary>Facts that came from links that are gone, and were ignored (R18).</summary>
    public long StaleFacts { get; private set; }

    /// <summary>Whether clients are served: the role is established, and its history up to that point is
    /// applied.</summary>
    private bool IsServing =>
        _role.IsServing && _data.Applied.Zxid >= _serveFrom && !_context.NeedsSnapshot
        && (_role is not Leader || _leaderDesk is not null);

    /// <summary>Begins a turn at a time of the wall clock, in milliseconds since 1970. Only transactions
    /// carry it.</summary>
    public void BeginTurn(long unixTimeMs) => _timeMs = unixTimeMs;

    /// <summary>Several ticks passed since the last turn: this server was held up.</summary>
    /// <remarks>The roles see every tick, and so their own stall, before anything that waited meanwhile (P1).
    /// After a long one the leader cannot know which clients were silent: every session gets a full timeout
    /// anew (ZB-69).</remarks>
    public void Tick(int ticks)
    {
        if (ticks > 2 * _options.Roles.PingTicks)
        {
            _leaderDesk?.HoldExpiry(_context.Now + ticks);
        }

        for (int i = 0; i < ticks; i++)
        {
            Tick();
        }
    }

    /// <summary>A tick passed.</summary>
    public void Tick()
    {
        _context.Now++;
        if (_role is Looking && _context.Election.Tick(_context.Now))
        {
            NotifyAll();
        }

        _role.Tick();
        if (_context.NeedsSnapshot && _role is Learner { IsServing: true }
            && _context.Now - _roleSince > _options.Roles.SyncLimitTicks)
        {
            _role.Leave("its state differs from the leader's, and it asks for a snapshot");
        }

        if (_leaderDesk is { } desk)
        {
            if (_context.Now % _options.Roles.PingTicks == 0)
            {
                foreach (SessionId session in _clients.TakeLiveSessions())
                {
                    _ = desk.Touch(session, _options.Self, _context.Now);
                }
            }

            desk.ExpireSessions(_context.Now, _timeMs);
            desk.SweepNodes(_data.State.Tree, _context.Now, _timeMs);
        }

        if (IsServing)
        {
            _servedAt = _context.Now;
        }
        else
        {
            _clients.GiveUpAfter((_context.Now - _servedAt) * _options.TickMs);
        }

        Settle();
    }

    /// <summary>A link came up. An older one to the same peer and of the same kind is over (R18).</summary>
    public void OnLinkUp(Link link)
    {
        if (!_context.Verifier.IsMember(link.Peer) || link.Peer == _options.Self)
        {
            _outbox.EndViolated(link, $"server {link.Peer} is not a member of this ensemble");
            Settle();
            return;
        }

        if (link.Kind == LinkKind.Election)
        {
            if (_electionLinks.TryGetValue(link.Peer.Value, out Link older))
            {
                OnLinkDown(older, "a newer link replaced it");
            }

            _electionLinks[link.Peer.Value] = link;
            _ = _toNotify.Add(link.Peer.Value);
            return;
        }

        foreach (Link older in new List<Link>(_quorumLinks.Keys))
        {
            if (older.Peer == link.Peer)
            {
                OnLinkDown(older, "a newer link replaced it");
            }
        }

        _quorumLinks.Add(link, null);
        _role.OnLinkUp(link);
        Settle();
    }

    /// <summary>A link is gone.</summary>
    public void OnLinkDown(Link link, string reason)
    {
        if (link.Kind == LinkKind.Election)
        {
            if (_electionLinks.TryGetValue(link.Peer.Value, out Link current) && current == link)
            {
                _ = _electionLinks.Remove(link.Peer.Value);
                _context.Election.OnPeerLost(link.Peer);
                Settle();
            }

            return;
        }

        if (_quorumLinks.Remove(link))
        {
            _role.OnLinkDown(link, reason);
            Settle();
        }
    }

    /// <summary>A server could not be dialled.</summary>
    public void OnConnectFailed(ServerId peer, string reason)
    {
        _role.OnConnectFailed(peer, reason);
        Settle();
    }

    /// <summary>The client of a session lives: it said something that the replica need not see.</summary>
    public void Hear(SessionId session) => _clients.Hear(session);

    /// <summary>A message came. From a link that is not up it is ignored (R18).</summary>
    public void OnMessage(Link link, in Message message)
    {
        if (link.Kind == LinkKind.Election)
        {
            OnElectionMessage(link, message);
        }
        else if (!_quorumLinks.TryGetValue(link, out Message? first))
        {
            StaleFacts++;
        }
        else if (_role is Looking)
        {
            KeepForLater(link, first, message);
        }
        else
        {
            _context.HeartbeatBody = message.Type == MessageType.Ping && _role is Learner && IsServing
                ? PeerMessages.EncodeSessions(_clients.TakeLiveSessions())
                : default;
            _role.Step(link, message);
            TakeForData();
        }

        Settle();
    }

    /// <summary>The disk holds the first <paramref name="records"/> records, as
    /// <see cref="Ready.RecordsAfter"/> counts them.</summary>
    public void OnPersisted(long records)
    {
        _context.Log.OnPersisted(records);
        _data.OnPersisted(_context.Log.RecordsPersisted);
        _role.OnPersisted();
        Settle();
    }

    /// <summary>Ends the turn.</summary>
    public Ready TakeReady()
    {
        do
        {
            Settle();
            Apply();
            _ = AskReleased();
            _leaderDesk?.EndBatch();
            _role.EndTurn();
            Settle();
            Apply();
        }
        while (AskReleased());
        SendRequests();
        SendNotifications();
        _context.Log.EndTurn(_context.Now);
        TrimHistory();
        Ready ready = new()
        {
            SendNow = _outbox.SendNow,
            Persist = _outbox.Persist,
            RecordsAfter = _outbox.RecordsAdded,
            SendAfterPersist = _outbox.SendAfterPersist,
            ToClients = _clients.TakeOutputs(),
            Break = _outbox.Break,
            Connect = _outbox.Connect,
            Committed = _data.State,
            Applied = _applied,
            ReplacedAt = _replacedAt,
            Snapshot = TakeSnapshotJob(),
            WarnedQuotas = _leaderDesk?.TakeWarnedQuotas() ?? [],
            Status = Status,
        };
        _outbox.StartNext();
        (_applied, _replacedAt) = ([], null);
        _breaksSeen = 0;
        return ready;
    }

    /// <summary>After each fact: links that were ended are dead, and a role that asked to leave is
    /// left.</summary>
    private void Settle()
    {
        DropBrokenLinks();
        while (_role.LeaveReason is { } reason)
        {
            LeaveRole(reason);
        }

        if (_role is Looking)
        {
            CheckElection();
        }

        DropBrokenLinks();
        if (_role is Leader leader)
        {
            EnsureLeaderDesk(leader);
        }

        NoteServing();
    }

    private void DropBrokenLinks()
    {
        for (; _breaksSeen < _outbox.Break.Count; _breaksSeen++)
        {
            Link link = _outbox.Break[_breaksSeen].Link;
            if (_quorumLinks.Remove(link))
            {
                _role.OnLinkDown(link, _outbox.Break[_breaksSeen].Reason);
            }
            else if (_electionLinks.TryGetValue(link.Peer.Value, out Link current) && current == link)
            {
                _ = _electionLinks.Remove(link.Peer.Value);
                _context.Election.OnPeerLost(link.Peer);
            }
        }
    }
}
