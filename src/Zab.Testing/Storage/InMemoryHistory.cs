using Zab.Core.Ports;
using Zab.Core.Primitives;

namespace Zab.Testing.Storage;

/// <summary>The history that a list of records makes; it judges which record may come next.</summary>
internal sealed class InMemoryHistory
{
    // The positions of the live history, and for each how many records lead up to it and the epochs there.
    private readonly List<(LogPosition Position, int Records, Epochs Epochs)> _path = [];
    private Epochs _epochs;
    private int _records;

    public InMemoryHistory(LogPosition start, Epochs epochs, IEnumerable<LogRecord> records)
    {
        _epochs = epochs;
        _path.Add((start, 0, epochs));
        foreach (LogRecord record in records)
        {
            if (Take(record) is { } refusal)
            {
                throw new InvalidDataException($"The records on the disk do not fit together: {refusal}.");
            }
        }
    }

    public LogPosition Base => _path[0].Position;

    public LogPosition Head => _path[^1].Position;

    public bool Contains(LogPosition position) => IndexOf(position) >= 0;

    /// <summary>Where the records that are needed from a position of the history on begin.</summary>
    public (int Records, LogPosition Position, Epochs Epochs) LastStart(LogPosition position)
    {
        // No record after it cuts below it: that would have taken it off the path.
        (LogPosition at, int records, Epochs epochs) = _path[IndexOf(position)];
        return (records, at, epochs);
    }

    /// <summary>Takes a record in.</summary>
    /// <returns>Null; or why it cannot come next.</returns>
    public string? Take(LogRecord record)
    {
        _records++;
        switch (record.Kind)
        {
            case LogRecordKind.Entry:
                if (!Head.Zxid.IsFollowedBy(record.Position.Zxid)
                    || Head.Chain.Extend(record.Position.Zxid, record.Body.Span) != record.Position.Chain)
                {
                    return $"the entry {record.Position} does not follow {Head}";
                }

                _path.Add((record.Position, _records, _epochs));
                return null;
            case LogRecordKind.Epochs:
                if (record.Epochs.Accepted < _epochs.Accepted || record.Epochs.Current < _epochs.Current
                    || record.Epochs.Current > record.Epochs.Accepted)
                {
                    return $"the epochs {record.Epochs} cannot come after {_epochs}";
                }

                _epochs = record.Epochs;
                return null;
            case LogRecordKind.Truncate:
                int index = IndexOf(record.Position);
                if (index < 0)
                {
                    return $"the history does not go through {record.Position}";
                }

                _path.RemoveRange(index + 1, _path.Count - index - 1);
                return null;
            case LogRecordKind.Commit:
                return record.Position.Zxid < Base.Zxid || Contains(record.Position) ? null
                    : $"the position {record.Position}, said to be committed, is not in the history";
            case LogRecordKind.SnapshotInstall:
                _path.Clear();
                _path.Add((record.Position, _records - 1, _epochs)); // the install itself is needed
                return null;
            case LogRecordKind.SnapshotBegin:
            case LogRecordKind.SnapshotChunk:
                return "pieces of snapshots are no part of the log";
            default:
                return $"there is no record of kind {record.Kind}";
        }
    }

    private int IndexOf(LogPosition position) => _path.FindLastIndex(item => item.Position == position);
}
