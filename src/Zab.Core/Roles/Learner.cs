using Zab.Core.Election;
using Zab.Core.Messages;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Core.Recovery;

namespace Zab.Core.Roles;

/// <summary>Follows a leader: joins it, is brought to its history, then logs and commits what it
/// sends.</summary>
/// <remarks>There is one way into the log from the first packet of synchronisation to the last proposal (R11,
/// ZB-16): an entry is appended when it comes, and applied when it is both committed and on disk (R9).
/// Source: Zab paper, section 4 (follower); ZooKeeper <c>Learner</c>, <c>Follower</c>,
/// <c>Observer</c>.</remarks>
internal abstract class Learner(RoleContext context, ServerId leader) : Role
{
    private long _lastHeard = context.Now;
    private long _redialAt;
    private long _chunksReceived;
    private LogPosition? _staging;
    private int _epoch;
    private LearnerState _phase = LearnerState.Connecting;
    private long _entriesSinceReport;
    private long _bytesSinceReport;

    /// <inheritdoc/>
    public override ServerId LeaderId => leader;

    /// <inheritdoc/>
    public override bool IsServing => _phase == LearnerState.Serving;

    /// <summary>The link to the leader, while it is up.</summary>
    public Link? LeaderLink { get; private set; }

    /// <summary>Answers of the leader that are for the data side: the last message stepped, if it was
    /// one.</summary>
    public Message? ForData { get; private set; }

    /// <summary>What the role works with.</summary>
    protected RoleContext Context => context;

    /// <summary>Whether the leader has said nothing at all, for as long as joining may take.</summary>
    public bool WasIgnored { get; private set; }

    /// <summary>Whether the learner has acknowledged NEWLEADER, so that acks of proposals may follow
    /// (E8).</summary>
    protected bool HasAdopted => _phase >= LearnerState.Adopted;

    /// <inheritdoc/>
    public override void OnLinkUp(Link link)
    {
        if (link.Peer != leader || LeaderLink is not null)
        {
            context.Outbox.EndLink(link, $"server {context.Self} follows server {leader}");
            return;
        }

        LeaderLink = link;
        _lastHeard = context.Now;
        _phase = LearnerState.Discovery;
        bool observer = State == ServerState.Observing;
        context.Outbox.SendWhenDurable(link, ProtocolMessages.Info(observer, context.Log.Epochs.Accepted));
    }

    /// <inheritdoc/>
    public override void OnLinkDown(Link link, string reason)
    {
        if (link == LeaderLink)
        {
            LeaderLink = null;
            Leave($"the link to leader {leader} is gone: {reason}");
        }
    }

    /// <inheritdoc/>
    public override void OnConnectFailed(ServerId peer, string reason)
    {
        if (peer == leader && LeaderLink is null)
        {
            _redialAt = context.Now + context.Options.RedialTicks;
        }
    }

    /// <inheritdoc/>
    public override void Step(Link link, in Message message)
    {
        ForData = null;
        if (link != LeaderLink)
        {
            return;
        }

        _lastHeard = context.Now;
        switch (message.Type)
        {
            case MessageType.LeaderInfo: OnLeaderInfo(message); break;
            case MessageType.Diff: OnDiff(message); break;
            case MessageType.Trunc: OnTrunc(message); break;
            case MessageType.Snap: OnSnap(message); break;
            case MessageType.SnapChunk: OnSnapChunk(message); break;
            case MessageType.Proposal:
            case MessageType.Inform: OnEntry(message); break;
            case MessageType.NewLeader: OnNewLeader(message); break;
            case MessageType.UpToDate: OnUpToDate(message); break;
            case MessageType.Commit: OnCommit(message); break;
            case MessageType.Ping: OnPing(message); break;
            case MessageType.Sync:
            case MessageType.Revalidate:
            case MessageType.Refusal: ForData = message; break;
            case MessageType.FollowerInfo:
            case MessageType.ObserverInfo: Abandon($"server {leader} follows this server"); break;
            case MessageType.Request:
            case MessageType.Ack:
            case MessageType.AckEpoch:
            case MessageType.Notification:
            default: Accuse($"a learner in {_phase} got {message.Type}"); break;
        }
    }

    /// <inheritdoc/>
    public override void Tick()
    {
        if (LeaderLink is null && context.Now == _redialAt)
        {
            context.Outbox.Connect.Add(leader);
        }

        int limit = IsServing ? context.Options.SyncLimitTicks : context.Options.InitLimitTicks;
        if (context.IsDiskStalled)
        {
            Abandon("this server's disk has not finished a write within the sync limit");
        }
        else if (context.Now - _lastHeard > limit)
        {
            WasIgnored = _phase <= LearnerState.Discovery;
            Abandon($"nothing was heard from leader {leader} for {limit} ticks");
        }
        else if (!IsServing && HasGivenUp())
        {
            Abandon($"server {leader} does not lead");
        }
    }

    /// <summary>Takes an entry of the leader into the log; false when it does not fit the role.</summary>
    protected abstract bool TryTakeEntry(in Message entry);

    /// <summary>Dials the leader; called once, when the role begins.</summary>
    public void Begin() => context.Outbox.Connect.Add(leader);

    /// <summary>Breaks with the leader.</summary>
    protected void Abandon(string reason)
    {
        if (LeaderLink is { } link)
        {
            context.Outbox.EndLink(link, reason);
            LeaderLink = null;
        }

        Leave(reason);
    }

    /// <summary>Breaks with a leader that broke the protocol.</summary>
    private void Accuse(string reason)
    {
        if (LeaderLink is { } link)
        {
            context.Outbox.EndViolated(link, reason);
            LeaderLink = null;
        }

        Leave(reason);
    }

    /// <summary>Whether the leader itself said that it does something else, or is out of reach on every link
    /// (R26).</summary>
    private bool HasGivenUp() =>
        !context.Election.Views.TryGetValue(leader.Value, out PeerView view)
            ? LeaderLink is null
            : view.State != ServerState.Leading && view.Vote.Candidate != leader;

    /// <summary>LEADERINFO (NEWEPOCH): promises the epoch, unless a later one was promised. Source: Zab
    /// paper, step f.1.</summary>
    /// <remarks>An epoch that was promised before is not promised twice: the answer says that it does not
    /// count (E3).</remarks>
    private void OnLeaderInfo(in Message message)
    {
        Epochs before = context.Log.Epochs;
        if (_phase != LearnerState.Discovery || message.Epoch is < 1 or > EpochNegotiation.EpochMax)
        {
            Accuse($"the leader proposed epoch {message.Epoch} in {_phase}");
            return;
        }

        if (message.Epoch < before.Accepted)
        {
            Abandon($"the leader proposed epoch {message.Epoch}, and {before.Accepted} was promised");
            return;
        }

        if (message.Epoch > before.Accepted)
        {
            _ = context.Log.AcceptEpoch(message.Epoch);
        }

        _epoch = message.Epoch;
        _phase = LearnerState.Promised;
        History history = context.Log.History;
        context.Outbox.SendWhenDurable(LeaderLink!.Value, ProtocolMessages.AckEpoch(
            before.Current,
            counts: message.Epoch > before.Accepted,
            history.Last,
            history.EpochEndsDownTo(context.Log.Committed),
            context.NeedsSnapshot));
    }

    /// <summary>DIFF: what follows continues this history.</summary>
    private void OnDiff(in Message message)
    {
        if (_phase != LearnerState.Promised || message.Position != context.Log.Last)
        {
            Accuse($"a DIFF from {message.Position} in {_phase}; the history ends at {context.Log.Last}");
            return;
        }

        _phase = LearnerState.Synchronizing;
    }

    /// <summary>TRUNC: gives up what the leader's history does not have. Never what is known to be committed
    /// (S18).</summary>
    private void OnTrunc(in Message message)
    {
        if (_phase != LearnerState.Promised
            || message.Zxid < context.Log.Committed.Zxid
            || !context.Log.History.Contains(message.Position))
        {
            Accuse($"a TRUNC to {message.Position} in {_phase}; committed is {context.Log.Committed}");
            return;
        }

        context.Log.Truncate(message.Position);
        _phase = LearnerState.Synchronizing;
    }

    /// <summary>SNAP: stages the leader's state; nothing changes until it is complete (R8).</summary>
    private void OnSnap(in Message message)
    {
        if (_phase != LearnerState.Promised || message.Zxid < context.Log.Committed.Zxid)
        {
            Accuse($"a SNAP at {message.Position} in {_phase}; committed is {context.Log.Committed}");
            return;
        }

        _staging = message.Position;
        context.Log.BeginSnapshot(message.Position);
        context.State.BeginInstall(message.Position);
        _phase = LearnerState.Synchronizing;
    }

    /// <summary>SNAP's chunks: to disk aside, and into a state aside; the last one switches both.</summary>
    private void OnSnapChunk(in Message message)
    {
        if (_staging is not { } position || message.Number != _chunksReceived)
        {
            Accuse($"chunk {message.Number} of a snapshot is out of place");
            return;
        }

        _chunksReceived++;
        if (!message.Flag)
        {
            if (message.Body.IsEmpty || !context.State.TryAddChunk(message.Body))
            {
                Accuse($"chunk {message.Number} of the snapshot at {position} is malformed");
                return;
            }

            context.Log.StageChunk(message.Body);
        }
        else if (context.State.TryComplete())
        {
            context.State.InstallWhenPersisted(context.Log.InstallSnapshot(position));
            _staging = null;
        }
        else
        {
            Accuse($"the snapshot at {position} is incomplete");
            return;
        }

        // Room is given back as the disk takes the chunks, so that a slow disk slows its leader (R19).
        context.Outbox.SendWhenDurable(LeaderLink!.Value, new Message
        {
            Type = MessageType.Ping,
            Number = _chunksReceived,
            Flag = true,
        });
    }

    /// <summary>PROPOSAL or INFORM: logs the entry. It must continue the history exactly (R6).</summary>
    private void OnEntry(in Message message)
    {
        if (_phase < LearnerState.Synchronizing || _staging is not null
            || message.Zxid.Epoch > _epoch || !TryTakeEntry(message))
        {
            Accuse($"{message.Type} {message.Position} in {_phase} does not continue {context.Log.Last}");
            return;
        }

        _entriesSinceReport++;
        _bytesSinceReport += message.Body.Length;
        if (_entriesSinceReport >= context.Options.InFlightEntriesMax / 8
            || _bytesSinceReport >= context.Options.InFlightBytesMax / 8)
        {
            _entriesSinceReport = 0;
            _bytesSinceReport = 0;
            Message report = ProtocolMessages.Ping(0, context.Log.Last.Zxid, default);
            context.Outbox.SendWhenDurable(LeaderLink!.Value, report);
        }
    }

    /// <summary>NEWLEADER: with its whole initial history logged, takes over the epoch; acks when all of it
    /// is on disk (R3).</summary>
    /// <remarks>Source: Zab paper, step f.2. The record of the epoch stands behind the history in one stream,
    /// so the ack cannot precede either (ZB-13, ZB-14, ZB-15).</remarks>
    private void OnNewLeader(in Message message)
    {
        if (_phase != LearnerState.Synchronizing || _staging is not null
            || message.Zxid != Zxid.Of(_epoch, 0) || message.Chain != context.Log.Last.Chain)
        {
            Accuse($"NEWLEADER {message.Zxid} in {_phase} does not fit the history at {context.Log.Last}");
            return;
        }

        _ = context.Log.AdoptEpoch(_epoch);
        _phase = LearnerState.Adopted;
        Message ack = ProtocolMessages.UpTo(MessageType.Ack, message.Zxid);
        context.Outbox.SendWhenDurable(LeaderLink!.Value, ack);
    }

    /// <summary>UPTODATE: the epoch is established; everything up to the zxid is committed, and clients may
    /// be served.</summary>
    private void OnUpToDate(in Message message)
    {
        if (_phase != LearnerState.Adopted || !TryCommit(message.Zxid))
        {
            Accuse($"UPTODATE {message.Zxid} in {_phase}; the history ends at {context.Log.Last}");
            return;
        }

        _phase = LearnerState.Serving;
    }

    /// <summary>COMMIT: everything up to the zxid, which must be logged (S14). Source: Zab paper, step
    /// f.4.</summary>
    private void OnCommit(in Message message)
    {
        if (!IsServing || !TryCommit(message.Zxid))
        {
            Accuse($"COMMIT {message.Zxid} in {_phase}; the history ends at {context.Log.Last}");
        }
    }

    private bool TryCommit(Zxid zxid)
    {
        if (context.Log.History.LastNotAfter(zxid).Zxid != zxid)
        {
            // A commit that this server had noted before its window begins is old news, not an error.
            return zxid <= context.Log.Committed.Zxid;
        }

        context.Log.CommitTo(zxid);
        return true;
    }

    /// <summary>PING: answers with the round, with how far entries have come, and with what the data side
    /// has to tell.</summary>
    private void OnPing(in Message message)
    {
        context.Outbox.Send(
            LeaderLink!.Value,
            ProtocolMessages.Ping(message.Number, Received, context.HeartbeatBody));
    }

    /// <summary>How far this leader's entries have come to the disk; nothing while the history is still
    /// this server's own.</summary>
    /// <remarks>Just after a cut the disk may be ahead of the history: then the history's end says
    /// it.</remarks>
    private Zxid Received =>
        _phase < LearnerState.Synchronizing || _staging is not null ? Zxid.None
        : context.Log.Durable < context.Log.Last.Zxid ? context.Log.Durable
        : context.Log.Last.Zxid;
}
