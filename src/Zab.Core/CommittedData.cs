using System;
using System.Collections.Generic;
using System.IO;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Core.Recovery;
using Zab.Core.Requests;
using Zab.Core.Roles;

namespace Zab.Core;

/// <summary>The state that the committed history has led to, and the one way forward for it (R11).</summary>
internal sealed class CommittedData : ICommittedState
{
    private DataStateReader? _incoming;
    private LogPosition _incomingAt;
    private DataState? _completed;
    private (DataState State, LogPosition Position, long Record)? _pending;

    /// <summary>The bytes of a chunk of a snapshot for a learner.</summary>
    public int ChunkBytesMax { get; init; } = 256 * 1024;

    /// <summary>The state.</summary>
    public DataState State { get; private set; } = DataState.Initial;

    /// <inheritdoc/>
    public LogPosition Applied { get; private set; }

    /// <summary>Whether a snapshot from a leader waits for the disk; until then the state is the old
    /// one.</summary>
    public bool IsInstalling => _pending is not null;

    /// <summary>Whether a snapshot from a leader replaced the state since this was last asked, and the state
    /// before.</summary>
    public DataState? ReplacedState { get; private set; }

    /// <inheritdoc/>
    public IEnumerator<ReadOnlyMemory<byte>> OpenSnapshot() => State.ToChunks(ChunkBytesMax).GetEnumerator();

    /// <inheritdoc/>
    public void BeginInstall(LogPosition position)
    {
        _incoming = new DataStateReader();
        _incomingAt = position;
    }

    /// <inheritdoc/>
    public bool TryAddChunk(ReadOnlyMemory<byte> chunk)
    {
        Invariant.Holds(_incoming is not null);
        try
        {
            _incoming.Add(chunk);
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public bool TryComplete()
    {
        Invariant.Holds(_incoming is not null);
        try
        {
            _completed = _incoming.Complete();
            _incoming = null;
            return _completed.LastZxid == _incomingAt.Zxid;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void InstallWhenPersisted(long record)
    {
        Invariant.Holds(_completed is not null);
        _pending = (_completed, _incomingAt, record);
        _completed = null;
    }

    /// <summary>The disk has come this far: a state that waited for it takes its place.</summary>
    public void OnPersisted(long records)
    {
        if (_pending is { } pending && pending.Record <= records)
        {
            ReplacedState ??= State;
            (State, Applied) = (pending.State, pending.Position);
            _pending = null;
        }
    }

    /// <summary>Drops a state that is not complete. One that waits for the disk stays: its record is on the
    /// way.</summary>
    public void AbandonInstall() => (_incoming, _completed) = (null, null);

    /// <summary>Takes note that the replacement has been dealt with.</summary>
    public void ForgetReplaced() => ReplacedState = null;

    /// <summary>Applies the entries after <see cref="Applied"/> up to <paramref name="target"/>, and
    /// publishes once.</summary>
    /// <param name="target">The last entry to apply.</param>
    /// <param name="history">The history.</param>
    /// <param name="outcomes">Where the outcomes go.</param>
    /// <param name="stopsBefore">Asked of each entry but the first: whether the state must be published
    /// without it first.</param>
    /// <param name="first">Told of the first entry, before it is applied.</param>
    /// <returns>Whether anything was applied.</returns>
    public bool ApplyTo(
        Zxid target,
        History history,
        List<TxnOutcome> outcomes,
        Func<TxnHeader, bool>? stopsBefore = null,
        Action<TxnHeader>? first = null)
    {
        if (target <= Applied.Zxid || IsInstalling)
        {
            return false;
        }

        Invariant.Holds(history.TryFindEnd(Applied, out long index));
        DataWriter writer = new(State);
        LogPosition applied = Applied;
        for (; index < history.EndIndex && history[index].Position.Zxid <= target; index++)
        {
            HistoryEntry entry = history[index];
            if (applied == Applied)
            {
                first?.Invoke(TxnHeader.Peek(entry.Body));
            }
            else if (stopsBefore is not null && stopsBefore(TxnHeader.Peek(entry.Body)))
            {
                break;
            }

            applied = entry.Position;
            outcomes.Add(writer.Apply(applied.Zxid, entry.Body));
        }

        bool any = applied != Applied;
        Applied = applied;
        State = writer.Freeze();
        return any;
    }

    /// <summary>Moves to a state that the leader made when it proposed the entries up to the
    /// position.</summary>
    public void MoveTo(DataState state, LogPosition position)
    {
        Invariant.Holds(position.Zxid >= Applied.Zxid);
        Invariant.Holds(state.LastZxid == position.Zxid);
        State = state;
        Applied = position;
    }

    /// <summary>Rebuilds a server's memory from what its disk holds.</summary>
    /// <param name="recovery">What the store found.</param>
    /// <param name="chunkBytesMax">The bytes of a chunk of a snapshot for a learner.</param>
    /// <param name="outcomes">Gets the latest outcomes.</param>
    /// <param name="history">The history, complete.</param>
    /// <param name="epochs">The epochs.</param>
    /// <param name="committed">How far the history is known to be committed.</param>
    /// <returns>The state at the last entry that is known to be committed.</returns>
    /// <exception cref="InvalidDataException">The records contradict each other: the store is damaged or
    /// wrong.</exception>
    public static CommittedData Recover(
        LogRecovery recovery,
        int chunkBytesMax,
        RecoveredOutcomes outcomes,
        out History history,
        out Epochs epochs,
        out LogPosition committed)
    {
        CommittedData data = new() { ChunkBytesMax = chunkBytesMax };
        if (recovery.Snapshot is { } snapshot)
        {
            data.BeginInstall(snapshot);
            foreach (ReadOnlyMemory<byte> chunk in recovery.SnapshotChunks)
            {
                Require(data.TryAddChunk(chunk), "a chunk of the snapshot is malformed");
            }

            Require(data.TryComplete(), "the snapshot is incomplete or carries another zxid");
            data.InstallWhenPersisted(0);
            data.OnPersisted(0);
            data.ForgetReplaced();
        }

        outcomes.After = data.Applied.Zxid;
        history = new History(recovery.Base);
        epochs = recovery.Epochs;
        committed = data.Applied;
        try
        {
            foreach (LogRecord record in recovery.Records)
            {
                Replay(record, history, data, outcomes, ref epochs, ref committed);
            }

            Require(history.Contains(data.Applied), "the snapshot is not part of the log's history");
            outcomes.AddFrom(data, committed.Zxid, history);
        }
        catch (StateDivergedException diverged)
        {
            throw new InvalidDataException(diverged.Message, diverged);
        }

        Require(epochs.Current <= epochs.Accepted, "the current epoch is above the accepted one");
        return data;
    }

    private static void Replay(
        in LogRecord record,
        History history,
        CommittedData data,
        RecoveredOutcomes outcomes,
        ref Epochs epochs,
        ref LogPosition committed)
    {
        switch (record.Kind)
        {
            case LogRecordKind.Entry:
                Require(history.TryAppend(record.Position, record.Body), $"a gap before {record.Position}");
                break;
            case LogRecordKind.Epochs:
                Require(
                    record.Epochs.Accepted >= epochs.Accepted && record.Epochs.Current >= epochs.Current,
                    $"the epochs go back from {epochs} to {record.Epochs}");
                epochs = record.Epochs;
                break;
            case LogRecordKind.Truncate:
                Require(history.Contains(record.Position), $"a cut to {record.Position}, which is not there");
                history.TruncateAfter(record.Position);
                break;
            case LogRecordKind.Commit:
                if (record.Position.Zxid > committed.Zxid)
                {
                    Require(history.Contains(record.Position), $"a commit of {record.Position}, unlogged");
                    committed = record.Position;
                }

                break;
            case LogRecordKind.SnapshotInstall:
                history.RestartFrom(record.Position);
                if (record.Position.Zxid > committed.Zxid)
                {
                    committed = record.Position;
                }

                break;
            case LogRecordKind.SnapshotBegin:
            case LogRecordKind.SnapshotChunk:
            default:
                Require(false, $"a record of kind {record.Kind} should not come back from a store");
                break;
        }

        // What is known to be committed is applied on the way, so that the window need not hold it all.
        if (record.Kind == LogRecordKind.Commit && history.Contains(data.Applied))
        {
            outcomes.AddFrom(data, committed.Zxid, history);
        }
    }

    private static void Require(bool condition, string what)
    {
        if (!condition)
        {
            throw new InvalidDataException($"The log store gave back what cannot be: {what}.");
        }
    }
}
