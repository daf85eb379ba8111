using System;
using System.Collections.Generic;
using Zab.Core.Messages;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Core.Recovery;

namespace Zab.Core.Broadcast;

/// <summary>The leader's side of one learner's link: what it has been sent, and what it has said.</summary>
/// <remarks>
/// <para>The queue of a learner is a cursor into the leader's history. Whatever was decided for it, a DIFF,
/// the rest after a TRUNC or a SNAP, and live proposals are one stream of entries from that cursor on: no
/// entry is left out or sent twice, by construction (R6, ZB-19, ZB-24, ZB-31), and a slow learner costs
/// bounded memory (R19).</para>
/// <para>Source: ZooKeeper <c>LearnerHandler</c>, with its queue replaced.</para>
/// </remarks>
internal sealed class LearnerHandler(Link link, bool votes, long now)
{
    private IEnumerator<ReadOnlyMemory<byte>>? _snapshot;
    private long _chunksSent;
    private long _snapshotBytesSent;
    private readonly Queue<(long Chunk, long BytesSent)> _chunksUnderWay = new();
    private long _cursor;
    private long _target;
    private LogPosition _targetPosition;
    private Zxid _sent;
    private long _received;
    private long _receivedBytes;

    /// <summary>The link to the learner.</summary>
    public Link Link => link;

    /// <summary>Whether the learner is a voter: it is sent proposals, and may count.</summary>
    public bool Votes => votes;

    /// <summary>How far it has come.</summary>
    public LearnerPhase Phase { get; private set; } = LearnerPhase.Discovery;

    /// <summary>Whether its promises and acks count in the quorums that establish the epoch (R13,
    /// R17).</summary>
    public bool Counts { get; private set; }

    /// <summary>The ends of its history, as it told them.</summary>
    public List<LogPosition> Ends { get; private set; } = [];

    /// <summary>The tick at which it was last heard.</summary>
    public long LastHeard { get; set; } = now;

    /// <summary>The newest heartbeat round that it answered.</summary>
    public long PingAnswered { get; set; }

    /// <summary>The newest entry that it has been told to be committed.</summary>
    public Zxid CommitSent { get; private set; }

    /// <summary>The newest entry that it said is on its disk; null before it took over the epoch.</summary>
    public Zxid? Acked { get; private set; }

    /// <summary>Whether the learner's state is wrong, whatever its history is: only a snapshot will do
    /// (R25).</summary>
    public bool NeedsSnapshot { get; private set; }

    /// <summary>Takes the learner's promise.</summary>
    public void OnPromise(List<LogPosition> ends, bool counts, bool needsSnapshot)
    {
        Invariant.Holds(Phase == LearnerPhase.Discovery);
        Phase = LearnerPhase.Promised;
        Ends = ends;
        Counts = counts && votes;
        NeedsSnapshot = needsSnapshot;
    }

    /// <summary>Counts the learner because every voter has promised, so that no disk is missing from the
    /// count.</summary>
    public void CountAmongAll(bool allPromised) => Counts |= allPromised && votes;

    /// <summary>The bytes of its snapshot that the learner said are on its disk.</summary>
    public long SnapshotBytesReceived =>
        _chunksUnderWay.TryPeek(out (long, long BytesSent) oldest) ? oldest.BytesSent : _snapshotBytesSent;

    /// <summary>The index of the next entry that the learner needs, while it goes on fast enough to be waited
    /// for.</summary>
    /// <param name="history">The leader's history.</param>
    /// <param name="entriesMax">How many of the newest entries it may have to come in any case.</param>
    /// <param name="bytesMax">How many of the newest bytes.</param>
    /// <remarks>What it has to come beyond these may weigh as much as what it has received of its snapshot.
    /// Were the bound fixed, a snapshot that takes longer than the ensemble needs to write as much would
    /// begin again for ever, and none of them end (ZB-57). So only a learner falls out that takes bytes in
    /// more slowly than they are written, and could not follow either; and what a learner costs in memory
    /// stays bounded by the size of the state (R19). It is the same for one that serves: a short stall must
    /// not cost it a snapshot, and the quorum a member (L4).</remarks>
    public long? NeededNext(History history, long entriesMax, long bytesMax)
    {
        if (Phase <= LearnerPhase.Promised || _cursor < history.FirstIndex)
        {
            return null;
        }

        long newest = long.Max(_cursor, history.EndIndex - entriesMax);
        long before = history.BytesBefore(_cursor);
        long beyond = long.Max(
            history.BytesBefore(newest) - before,
            history.BytesBefore(history.EndIndex) - before - bytesMax);
        return beyond <= SnapshotBytesReceived ? _cursor : null;
    }

    /// <summary>Fixes the plan: from this moment on, every entry reaches the learner through the
    /// cursor.</summary>
    public void StartSync(SyncPlan plan, History history, Outbox outbox)
    {
        Invariant.Holds(Phase == LearnerPhase.Promised);
        Invariant.Holds(plan.Mode != SyncMode.Snap);
        Invariant.Holds(history.TryFindEnd(plan.From, out _cursor));
        MessageType type = plan.Mode == SyncMode.Trunc ? MessageType.Trunc : MessageType.Diff;
        _sent = plan.From.Zxid;
        outbox.Send(link, ProtocolMessages.StartSync(type, plan.From));
        BeginEntries(history);
    }

    /// <summary>Fixes a snapshot as the plan: its position, and all entries after it through the cursor, in
    /// one step (ZB-24).</summary>
    public void StartSnapshot(
        LogPosition position, IEnumerator<ReadOnlyMemory<byte>> chunks, History history, Outbox outbox)
    {
        Invariant.Holds(Phase == LearnerPhase.Promised);
        Invariant.Holds(history.TryFindEnd(position, out _cursor));
        _snapshot = chunks;
        _sent = position.Zxid;
        outbox.Send(link, ProtocolMessages.StartSync(MessageType.Snap, position));
        BeginEntries(history);
    }

    /// <summary>Sends what the learner has room for: chunks, then entries, with NEWLEADER between them where
    /// the plan ends.</summary>
    /// <param name="history">The leader's history.</param>
    /// <param name="end">The index up to which entries may go: all for a voter, the committed ones for an
    /// observer.</param>
    /// <param name="epoch">The leader's epoch.</param>
    /// <param name="limits">How much may be under way.</param>
    /// <param name="outbox">Where messages go.</param>
    /// <returns>False when the history no longer holds what the learner needs next: the link must
    /// break.</returns>
    public bool Pump(History history, long end, int epoch, FlowLimits limits, Outbox outbox)
    {
        if (Phase < LearnerPhase.Synchronization)
        {
            return true;
        }

        if (_cursor < history.FirstIndex)
        {
            return false;
        }

        if (_snapshot is not null && !PumpSnapshot(limits, outbox))
        {
            return true;
        }

        MessageType type = votes ? MessageType.Proposal : MessageType.Inform;
        while (true)
        {
            if (Phase == LearnerPhase.Synchronization && _cursor == _target)
            {
                outbox.Send(link, ProtocolMessages.NewLeader(epoch, _targetPosition.Chain));
                Phase = LearnerPhase.NewLeaderSent;
            }

            if (_cursor >= end || !HasRoom(history, limits))
            {
                return true;
            }

            outbox.Send(link, ProtocolMessages.Entry(type, history[_cursor]));
            _sent = history[_cursor].Position.Zxid;
            _cursor++;
        }
    }

    /// <summary>The learner took over the epoch: its disk holds everything that it was sent before
    /// NEWLEADER.</summary>
    public void OnNewLeaderAck()
    {
        Invariant.Holds(Phase == LearnerPhase.NewLeaderSent);
        Phase = LearnerPhase.Synchronized;
        Acked = _targetPosition.Zxid;
    }

    /// <summary>The learner's disk holds everything up to <paramref name="zxid"/>.</summary>
    /// <returns>False when it was never sent that, or had said more before.</returns>
    public bool TryAck(Zxid zxid, History history)
    {
        bool exists = zxid <= history.Base.Zxid || history.LastNotAfter(zxid).Zxid == zxid;
        if (!exists || Acked is not { } acked || zxid < acked || zxid > _sent)
        {
            return false;
        }

        Acked = zxid;
        return TryReceive(zxid, history);
    }

    /// <summary>The learner has received all entries up to <paramref name="zxid"/>: there is room for
    /// more.</summary>
    public bool TryReceive(Zxid zxid, History history)
    {
        if (_snapshot is not null || Phase < LearnerPhase.Synchronization)
        {
            return true;
        }

        if (zxid > _sent)
        {
            return false;
        }

        // A report of what the leader has forgotten says too little: a later one will do.
        long received = zxid == _sent ? _cursor : 0;
        if (zxid > history.Base.Zxid && zxid < _sent)
        {
            Invariant.Holds(history.TryFindEnd(history.LastNotAfter(zxid), out received));
        }

        if (received > _received && received >= history.FirstIndex)
        {
            (_received, _receivedBytes) = (received, history.BytesBefore(received));
        }

        return true;
    }

    /// <summary>The learner has received chunks up to, not including, <paramref name="chunks"/>.</summary>
    public void OnChunksReceived(long chunks)
    {
        while (_chunksUnderWay.TryPeek(out (long Chunk, long) oldest) && oldest.Chunk < chunks)
        {
            _ = _chunksUnderWay.Dequeue();
        }
    }

    /// <summary>Opens the learner to clients, and tells it the latest committed zxid (E10), once it has been
    /// sent that.</summary>
    public void SendUpToDate(Zxid committed, Outbox outbox)
    {
        if (Phase == LearnerPhase.Synchronized && _sent >= committed)
        {
            outbox.Send(link, ProtocolMessages.UpTo(MessageType.UpToDate, committed));
            Phase = LearnerPhase.Serving;
            CommitSent = committed;
        }
    }

    /// <summary>Tells a serving voter how far what it was sent is committed.</summary>
    public void SendCommit(Zxid committed, Outbox outbox)
    {
        Zxid upTo = committed < _sent ? committed : _sent;
        if (Phase == LearnerPhase.Serving && votes && upTo > CommitSent)
        {
            outbox.Send(link, ProtocolMessages.UpTo(MessageType.Commit, upTo));
            CommitSent = upTo;
        }
    }

    private void BeginEntries(History history)
    {
        Phase = LearnerPhase.Synchronization;
        (_received, _receivedBytes) = (_cursor, history.BytesBefore(_cursor));
        _target = history.EndIndex;
        _targetPosition = history.Last;
    }

    /// <summary>Whether another entry may leave. What the leader has forgotten meanwhile is under way all the
    /// same.</summary>
    private bool HasRoom(History history, FlowLimits limits) =>
        _cursor - _received < limits.Entries
            && history.BytesBefore(_cursor) - _receivedBytes < limits.Bytes;

    /// <summary>Sends chunks while there is room; true once the last has been sent.</summary>
    private bool PumpSnapshot(FlowLimits limits, Outbox outbox)
    {
        Invariant.Holds(_snapshot is not null);
        while (!_chunksUnderWay.TryPeek(out (long, long BytesSent) oldest)
            || _snapshotBytesSent - oldest.BytesSent < limits.Bytes)
        {
            bool last = !_snapshot.MoveNext();
            ReadOnlyMemory<byte> chunk = last ? default : _snapshot.Current;
            outbox.Send(link, ProtocolMessages.SnapChunk(_chunksSent, chunk, last));
            _chunksUnderWay.Enqueue((_chunksSent, _snapshotBytesSent));
            _chunksSent++;
            _snapshotBytesSent += chunk.Length;
            if (last)
            {
                _snapshot.Dispose();
                _snapshot = null;
                return true;
            }
        }

        return false;
    }
}
