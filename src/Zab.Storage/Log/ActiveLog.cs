using Zab.Core.Ports;
using Zab.Storage.Format;
using Zab.Storage.Io;

namespace Zab.Storage.Log;

/// <summary>The end of the log: writes to the newest segment, and begins the next when it is full.</summary>
/// <remarks>Trusts its caller: what comes here is known to continue the stream. Not thread-safe.</remarks>
internal sealed class ActiveLog : IDisposable
{
    private readonly IStorageIo _io;
    private readonly SegmentList _segments;
    private readonly long _segmentBytes;
    private RecordWriter _writer;
    private LogTail _tail;

    /// <summary>Goes on at the end of the newest segment, all of which is durable.</summary>
    public ActiveLog(
        IStorageIo io, SegmentList segments, RecordWriter writer, LogTail tail, long segmentBytes)
    {
        _io = io;
        _segments = segments;
        _writer = writer;
        _tail = tail;
        _segmentBytes = segmentBytes;
    }

    /// <summary>Makes the first segment of a new store.</summary>
    /// <returns>The segment, which is durable.</returns>
    public static Segment CreateFirst(IStorageIo io, LogIdentity identity, Guid salt, long segmentBytes)
    {
        FileHeader header = new()
        {
            Kind = FileKind.Segment,
            Identity = identity,
            Salt = salt,
            Number = 1,
            Base = default,
            FileBytes = segmentBytes,
        };
        Create(io, header).Dispose();
        return new Segment(header);
    }

    /// <summary>Adds a record to those that wait for <see cref="WriteOut"/>. It may write and flush the ones
    /// before.</summary>
    public void Add(in LogRecord record)
    {
        long recordBytes = RecordHeader.RecordBytes(record.Body.Length);
        if (_writer.End + recordBytes + RecordHeader.Bytes > _segments.Newest.Header.FileBytes)
        {
            Roll(recordBytes);
        }

        _writer.Add(record);
        _segments.On(record);
        _tail = _tail.After(record);
    }

    /// <summary>Writes what was added, in one call.</summary>
    public void WriteOut() => _writer.WriteOut();

    /// <summary>Makes what was written durable.</summary>
    public void Flush() => _writer.Flush();

    /// <summary>Begins the next segment.</summary>
    /// <param name="firstRecordBytes">The length of the record for which there must be room.</param>
    /// <remarks>
    /// <para>The order makes every crash in between harmless, and a lost file visible. First all of the old
    /// segment is durable: nothing of the new one can survive without it. Then the new file, which knows how
    /// the old one will end, is made and gets its name; a full disk is met here, before anything in the new
    /// segment is promised. The seal comes last, so that a sealed segment always has a successor, and one
    /// without was robbed of it.</para>
    /// </remarks>
    public void Roll(long firstRecordBytes)
    {
        _writer.WriteOut();
        _writer.Flush();
        _writer.AddSeal(_tail.Position);
        FileHeader newest = _segments.Newest.Header;
        FileHeader next = new()
        {
            Kind = FileKind.Segment,
            Identity = newest.Identity,
            Salt = newest.Salt,
            Number = newest.Number + 1,
            Base = _tail.Position,
            Epochs = _tail.Epochs,
            Committed = _tail.Committed,
            PreviousEnd = _writer.End,
            PreviousChecksum = _writer.Previous,
            FileBytes = Math.Max(_segmentBytes, FileHeader.Bytes + firstRecordBytes + RecordHeader.Bytes),
        };
        IStorageFile file = Create(_io, next);
        try
        {
            _writer.WriteOut();
            _writer.Flush();
        }
        catch
        {
            file.Dispose();
            throw;
        }

        _writer.Dispose();
        _writer = new RecordWriter(file, next, FileHeader.Bytes, next.Checksum);
        _segments.Add(new Segment(next));
    }

    public void Dispose() => _writer.Dispose();

    // A segment has its name only when its header is durable: one with a bad header is damaged, never half
    // made.
    private static IStorageFile Create(IStorageIo io, FileHeader header)
    {
        string name = FileNames.Segment(header.Number);
        IStorageFile file = io.Create(name + FileNames.TemporarySuffix);
        try
        {
            file.Allocate(header.FileBytes);
            file.Write(header.Write(), 0);
            file.Flush();
            io.Rename(name + FileNames.TemporarySuffix, name);
            io.FlushDirectory();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
