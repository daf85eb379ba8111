using System.Diagnostics;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Storage.Format;

namespace Zab.Storage.Log;

/// <summary>The log's records, to and from the records of files.</summary>
internal static class LogRecordCodec
{
    /// <summary>Adds a record of the log to those that a file's writer has gathered.</summary>
    public static void Add(this RecordWriter writer, in LogRecord record)
    {
        bool isEpochs = record.Kind == LogRecordKind.Epochs;
        long first = isEpochs ? record.Epochs.Accepted : record.Position.Zxid.Value;
        ulong second = isEpochs ? (ulong)record.Epochs.Current : record.Position.Chain.Value;
        writer.Add((RecordKind)record.Kind, first, second, record.Body.Span);
    }

    /// <summary>Adds the record that ends a segment.</summary>
    public static void AddSeal(this RecordWriter writer, LogPosition end) =>
        writer.Add(RecordKind.Seal, end.Zxid.Value, end.Chain.Value, []);

    /// <summary>The record of the log that a record of a file stands for; a seal is none.</summary>
    public static LogRecord ToLogRecord(this in RecordHeader header, ReadOnlyMemory<byte> body)
    {
        LogPosition position = new(new Zxid(header.First), new ChainHash(header.Second));
        return header.Kind switch
        {
            RecordKind.Entry => LogRecord.Entry(position, body),
            RecordKind.Epochs => LogRecord.EpochChange(new Epochs((int)header.First, (int)header.Second)),
            RecordKind.Truncate => LogRecord.Truncate(position),
            RecordKind.Commit => LogRecord.Commit(position),
            RecordKind.SnapshotChunk => LogRecord.SnapshotChunk(body),
            RecordKind.SnapshotInstall => LogRecord.SnapshotInstall(position),
            RecordKind.Seal => throw new UnreachableException("A seal is no record of the log."),
        };
    }
}
