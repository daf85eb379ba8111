using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Storage.Format;
using Zab.Storage.Io;
using Zab.Storage.Snapshots;

namespace Zab.Storage.Log;

/// <summary>Hands out what was recovered. All of it was verified before, and is verified again as it is
/// read.</summary>
internal static class RecoveryReader
{
    /// <summary>Describes what a scan found, from one segment on.</summary>
    public static LogRecovery Read(IStorageIo io, LogScan scan, int start, LogPosition? snapshot)
    {
        List<FileHeader> segments = [.. scan.Segments.All.Skip(start).Select(segment => segment.Header)];
        LogPosition? from = scan.Segments.All[start].Start;
        Check.Holds(from is not null);
        return new LogRecovery
        {
            Base = from.Value,
            Epochs = segments[0].Epochs,
            Snapshot = snapshot,
            SnapshotChunks =
                snapshot is { } position ? SnapshotFileReader.Chunks(io, FileNames.Snapshot(position)) : [],
            Records = Records(io, segments, scan.End),
        };
    }

    private static IEnumerable<LogRecord> Records(IStorageIo io, List<FileHeader> segments, long newestEnd)
    {
        for (int i = 0; i < segments.Count; i++)
        {
            string name = FileNames.Segment(segments[i].Number);
            using IStorageFile file = io.OpenRead(name);
            using RecordReader reader = new(file, segments[i]);
            bool isNewest = i == segments.Count - 1;
            bool isAtEnd = isNewest && reader.Offset == newestEnd;
            while (!isAtEnd)
            {
                if (!reader.TryRead(out RecordHeader header, out ReadOnlyMemory<byte> body))
                {
                    throw Damage.At(io.Directory, name, reader.Offset, "no valid record is there any more");
                }

                if (header.Kind != RecordKind.Seal)
                {
                    yield return header.ToLogRecord(body.ToArray());
                }

                isAtEnd = isNewest ? reader.Offset == newestEnd : header.Kind == RecordKind.Seal;
            }
        }
    }
}
