using System;
using System.Collections.Generic;
using Zab.Core.Ports;
using Zab.Core.Primitives;

namespace Zab.Core.Recovery;

/// <summary>This server's history and epochs: as they stand once all writes are done, and how far the disk
/// has come.</summary>
/// <remarks>Every change becomes a record of the one durable stream (R2) at the same moment, so memory and
/// disk can differ only by writes under way. Leaving a role changes nothing here: whatever was written stays,
/// whatever is asserted next waits for it (R8, R12).</remarks>
internal sealed class ReplicatedLog
{
    private readonly Outbox _outbox;
    private readonly Queue<(long Records, Zxid Last, long Tick)> _unpersisted = new();
    private LogPosition _committedNoted;

    /// <summary>A log as it was recovered: everything in it is durable.</summary>
    public ReplicatedLog(Outbox outbox, History history, Epochs epochs, LogPosition committed)
    {
        _outbox = outbox;
        History = history;
        Epochs = epochs;
        Committed = committed;
        _committedNoted = committed;
        Durable = history.Last.Zxid;
    }

    /// <summary>The entries, as they stand once all writes are done.</summary>
    public History History { get; }

    /// <summary>The epochs, as they stand once all writes are done.</summary>
    public Epochs Epochs { get; private set; }

    /// <summary>The end of the history.</summary>
    public LogPosition Last => History.Last;

    /// <summary>The newest entry that is known to be committed. Never goes back (S13).</summary>
    public LogPosition Committed { get; private set; }

    /// <summary>Entries up to here are on this server's disk.</summary>
    public Zxid Durable { get; private set; }

    /// <summary>How many records are on disk, counted as <see cref="Outbox.RecordsAdded"/> counts
    /// them.</summary>
    public long RecordsPersisted { get; private set; }

    /// <summary>The tick at which the oldest write still under way was handed over; null when the disk has
    /// caught up.</summary>
    public long? OldestWriteTick =>
        _unpersisted.TryPeek(out (long, Zxid, long Tick) oldest) ? oldest.Tick : null;

    /// <summary>Appends an entry of this server's own making. Source: Zab paper, step l.5
    /// (propose).</summary>
    public LogPosition Append(Zxid zxid, ReadOnlyMemory<byte> body)
    {
        LogPosition position = History.PositionAfter(zxid, body.Span);
        Invariant.Holds(TryAppend(position, body));
        return position;
    }

    /// <summary>Appends an entry that came from the leader.</summary>
    /// <returns>False, and nothing changed, when it does not continue the history (R6).</returns>
    public bool TryAppend(LogPosition position, ReadOnlyMemory<byte> body)
    {
        if (!History.TryAppend(position, body))
        {
            return false;
        }

        _ = _outbox.Write(LogRecord.Entry(position, body));
        return true;
    }

    /// <summary>Promises to follow no epoch before <paramref name="epoch"/>.</summary>
    /// <returns>The record that makes it durable.</returns>
    public long AcceptEpoch(int epoch)
    {
        Invariant.Holds(epoch > Epochs.Accepted);
        return WriteEpochs(Epochs with { Accepted = epoch });
    }

    /// <summary>Takes over the initial history of <paramref name="epoch"/>, which has been appended
    /// (R3).</summary>
    /// <returns>The record that makes it durable, and with it all the history before.</returns>
    public long AdoptEpoch(int epoch)
    {
        Invariant.Holds(epoch == Epochs.Accepted);
        return WriteEpochs(Epochs with { Current = epoch });
    }

    /// <summary>Voids everything after the position. What is known to be committed is never given up
    /// (S18).</summary>
    public void Truncate(LogPosition position)
    {
        Invariant.Holds(position.Zxid >= Committed.Zxid);
        History.TruncateAfter(position);
        _ = _outbox.Write(LogRecord.Truncate(position));
    }

    /// <summary>Begins to stage a snapshot from the leader.</summary>
    public void BeginSnapshot(LogPosition position)
    {
        Invariant.Holds(position.Zxid >= Committed.Zxid);
        _ = _outbox.Write(LogRecord.SnapshotBegin(position));
    }

    /// <summary>Stages the next chunk.</summary>
    public void StageChunk(ReadOnlyMemory<byte> chunk) => _ = _outbox.Write(LogRecord.SnapshotChunk(chunk));

    /// <summary>Switches to the staged snapshot, whole (R8).</summary>
    /// <returns>The record that makes it durable.</returns>
    public long InstallSnapshot(LogPosition position)
    {
        Invariant.Holds(position.Zxid >= Committed.Zxid);
        History.RestartFrom(position);
        Committed = position;
        return _outbox.Write(LogRecord.SnapshotInstall(position));
    }

    /// <summary>Moves the committed position forward; it must be within the history.</summary>
    public void CommitTo(Zxid zxid)
    {
        LogPosition position = History.LastNotAfter(zxid);
        Invariant.Holds(position.Zxid == zxid);
        if (zxid > Committed.Zxid)
        {
            Committed = position;
        }
    }

    /// <summary>Ends a turn: notes how far the history is committed beside other writes, and marks what is
    /// now under way.</summary>
    public void EndTurn(long tick)
    {
        if (_outbox.Persist.Count == 0)
        {
            return;
        }

        if (Committed != _committedNoted)
        {
            _committedNoted = Committed;
            _ = _outbox.Write(LogRecord.Commit(Committed));
        }

        _unpersisted.Enqueue((_outbox.RecordsAdded, Last.Zxid, tick));
    }

    /// <summary>The disk holds the first <paramref name="records"/> records.</summary>
    public void OnPersisted(long records)
    {
        Invariant.Holds(records <= _outbox.RecordsAdded);
        while (_unpersisted.TryPeek(out (long Records, Zxid Last, long) turn) && turn.Records <= records)
        {
            _ = _unpersisted.Dequeue();
            Durable = turn.Last;
            RecordsPersisted = turn.Records;
        }
    }

    private long WriteEpochs(Epochs epochs)
    {
        Invariant.Holds(epochs.Current <= epochs.Accepted);
        Epochs = epochs;
        return _outbox.Write(LogRecord.EpochChange(epochs));
    }
}
