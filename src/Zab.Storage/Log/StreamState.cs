using Zab.Core.Ports;
using Zab.Core.Primitives;

namespace Zab.Storage.Log;

/// <summary>The state that the log's records make, and the judge of which record may come next.</summary>
/// <remarks>One judge for appending and for recovery: what was let in can be read back.</remarks>
internal sealed class StreamState(LogTail start)
{
    /// <summary>The history as it stands.</summary>
    public History History { get; } = new(start.Position);

    /// <summary>Where the stream stands.</summary>
    public LogTail Tail { get; private set; } = start;

    /// <summary>The highest zxid that the history ever had, whatever became of it.</summary>
    public Zxid Highest { get; private set; } = start.Position.Zxid;

    /// <summary>Takes a record in.</summary>
    /// <returns>Null; or, when the record cannot come next, why not. Then nothing has changed.</returns>
    public string? Take(in LogRecord record)
    {
        string? refusal = Refusal(record);
        if (refusal is null)
        {
            Tail = Tail.After(record);
            Highest = Tail.Position.Zxid > Highest ? Tail.Position.Zxid : Highest;
        }

        return refusal;
    }

    /// <summary>Takes in a truncation to a place before the log's first segment.</summary>
    /// <remarks>Only when the log is read: a purge that was interrupted leaves segments from the middle of
    /// what it meant to delete. What they hold up to here is void, and what comes after continues a history
    /// that they do not have.</remarks>
    public void TakeFromBeyond(in LogRecord truncate)
    {
        Check.Holds(truncate.Kind == LogRecordKind.Truncate);
        History.Install(truncate.Position);
        Tail = Tail.After(truncate);
    }

    private string? Refusal(in LogRecord record)
    {
        switch (record.Kind)
        {
            case LogRecordKind.Entry:
                return History.TryAppend(record.Position, record.Body.Span) ? null
                    : $"the entry {record.Position} does not follow {History.Head}";
            case LogRecordKind.Epochs:
                return MayFollow(record.Epochs) ? null
                    : $"the epochs {record.Epochs} cannot come after {Tail.Epochs}";
            case LogRecordKind.Truncate:
                return History.TryTruncate(record.Position) ? null
                    : $"the history from {History.Base} to {History.Head} cannot be cut at " +
                      $"{record.Position}, which is not in it";
            case LogRecordKind.Commit:
                // Below the base it cannot be told.
                return record.Position.Zxid < History.Base.Zxid || History.Contains(record.Position) ? null
                    : $"the position {record.Position}, said to be committed, is not in the history, " +
                      $"which ends at {History.Head}";
            case LogRecordKind.SnapshotInstall:
                History.Install(record.Position);
                return null;
            case LogRecordKind.SnapshotBegin:
            case LogRecordKind.SnapshotChunk:
                return "pieces of snapshots are no part of the log";
            default:
                return $"there is no record of kind {record.Kind}";
        }
    }

    private bool MayFollow(Epochs epochs) =>
        epochs.Current <= epochs.Accepted && epochs.Accepted >= Tail.Epochs.Accepted
        && epochs.Current >= Tail.Epochs.Current;
}
