using Zab.Core.Ports;
using Zab.Core.Primitives;

namespace Zab.Storage.Log;

/// <summary>What the next segment's header must say: where the stream of records stands.</summary>
/// <param name="Position">The end of the history.</param>
/// <param name="Epochs">The epochs.</param>
/// <param name="Committed">How far the history is known to be committed.</param>
internal readonly record struct LogTail(LogPosition Position, Epochs Epochs, LogPosition Committed)
{
    /// <summary>Where the stream stands after one more record, which is known to be right.</summary>
    public LogTail After(in LogRecord record)
    {
        switch (record.Kind)
        {
            case LogRecordKind.Entry:
                return this with { Position = record.Position };
            case LogRecordKind.Epochs:
                return this with { Epochs = record.Epochs };
            case LogRecordKind.Truncate:
                LogPosition committed = Committed.Zxid > record.Position.Zxid ? record.Position : Committed;
                return this with { Position = record.Position, Committed = committed };
            case LogRecordKind.Commit:
                return this with { Committed = record.Position };
            case LogRecordKind.SnapshotInstall:
                return this with { Position = record.Position, Committed = record.Position };
            case LogRecordKind.SnapshotBegin:
            case LogRecordKind.SnapshotChunk:
                return this;
            default:
                throw new ArgumentException($"There is no record of kind {record.Kind}.", nameof(record));
        }
    }
}
