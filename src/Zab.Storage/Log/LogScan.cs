using Zab.Core.Ports;
using Zab.Storage.Format;
using Zab.Storage.Io;

namespace Zab.Storage.Log;

/// <summary>Reads and verifies the whole log, once, when the store is opened, and changes nothing.</summary>
/// <remarks>What may be cut and what is refused is explained in docs/storage.md.</remarks>
internal sealed class LogScan
{
    private readonly IStorageIo _io;
    private readonly List<FileHeader> _headers = [];

    private LogScan(IStorageIo io) => _io = io;

    /// <summary>The segments.</summary>
    public SegmentList Segments { get; } = new();

    /// <summary>The state that their records make.</summary>
    public StreamState State { get; private set; } = new(default);

    /// <summary>How far the newest segment is known to have been flushed: its last record says so.</summary>
    public long ProvenEnd { get; private set; } = FileHeader.Bytes;

    /// <summary>Where the good records of the newest segment end.</summary>
    public long End { get; private set; } = FileHeader.Bytes;

    /// <summary>The checksum of the last of them.</summary>
    public uint Previous { get; private set; }

    /// <summary>The end of what is left of a torn write behind <see cref="End"/>; equal when there is
    /// nothing.</summary>
    public long DirtyEnd { get; private set; } = FileHeader.Bytes;

    /// <summary>The seal that an interrupted roll left unwritten; null when there is none to write.</summary>
    public MissingSeal? MissingSeal { get; private set; }

    /// <summary>Reads the segments with these numbers.</summary>
    /// <exception cref="InvalidDataException">They are damaged, incomplete, or somebody else's.</exception>
    public static LogScan Read(IStorageIo io, LogIdentity identity, IReadOnlyList<long> numbers)
    {
        LogScan scan = new(io);
        foreach (long number in numbers)
        {
            scan.ReadHeader(identity, number);
        }

        FileHeader oldest = scan._headers[0];
        scan.State = new StreamState(new LogTail(oldest.Base, oldest.Epochs, oldest.Committed));
        for (int i = 0; i < scan._headers.Count; i++)
        {
            scan.ReadSegment(i);
        }

        return scan;
    }

    private void ReadHeader(LogIdentity identity, long number)
    {
        string name = FileNames.Segment(number);
        using IStorageFile file = _io.OpenRead(name);
        FileHeader header = StoredHeader.Read(_io, name, file, identity);
        if (header.Kind != FileKind.Segment || header.Number != number)
        {
            throw Damage.In(
                _io.Directory, $"{name} is really {header.Kind} {header.Number:x}, under a wrong name");
        }

        if (file.Length != header.FileBytes)
        {
            throw Damage.At(
                _io.Directory, name, file.Length,
                $"the file should be {header.FileBytes} bytes long and is {file.Length}");
        }

        if (_headers.Count > 0)
        {
            FileHeader before = _headers[^1];
            if (header.Salt != before.Salt)
            {
                throw Damage.In(
                    _io.Directory, $"{name} is from another directory than the segments before it");
            }

            if (number != before.Number + 1)
            {
                throw Damage.In(
                    _io.Directory, $"the segments between {before.Number:x} and {number:x} are missing");
            }
        }

        _headers.Add(header);
    }

    private void ReadSegment(int index)
    {
        FileHeader header = _headers[index];
        Segment segment = new(header);
        Segments.Add(segment);
        using IStorageFile file = _io.OpenRead(segment.Name);
        using RecordReader reader = new(file, header);
        bool isSealed = false;
        ProvenEnd = FileHeader.Bytes;
        while (!isSealed && reader.TryRead(out RecordHeader record, out ReadOnlyMemory<byte> body))
        {
            isSealed = record.Kind == RecordKind.Seal;
            ProvenEnd = Math.Max(ProvenEnd, record.Flushed);
            if (!isSealed)
            {
                Take(segment, record, body, reader.Offset);
            }
        }

        if (index == _headers.Count - 1)
        {
            EndNewest(segment, file, reader, isSealed);
        }
        else
        {
            bool isBeforeNewest = index == _headers.Count - 2;
            EndOlder(segment, reader, isSealed, _headers[index + 1], isBeforeNewest);
        }
    }

    private void Take(Segment segment, in RecordHeader header, ReadOnlyMemory<byte> body, long end)
    {
        LogRecord record = header.ToLogRecord(body);
        if (record.Kind == LogRecordKind.Truncate && record.Position.Zxid < State.History.Base.Zxid)
        {
            State.TakeFromBeyond(record);
        }
        else if (State.Take(record) is { } refusal)
        {
            long offset = end - RecordHeader.RecordBytes(header.BodyBytes);
            throw Damage.At(_io.Directory, segment.Name, offset, refusal);
        }

        Segments.On(record);
    }

    private void EndNewest(Segment segment, IStorageFile file, RecordReader reader, bool isSealed)
    {
        if (isSealed)
        {
            throw Damage.In(
                _io.Directory, $"{segment.Name} is complete, and the segment after it is missing");
        }

        TailInspection tail = TailInspection.Read(file, segment.Header, reader.Offset);
        if (tail.ProofOffset is { } proof)
        {
            throw Damage.At(
                _io.Directory, segment.Name, reader.Offset,
                $"no valid record is there, and the one at byte {proof} shows that there was one");
        }

        End = reader.Offset;
        Previous = reader.Previous;
        DirtyEnd = tail.DirtyEnd;
    }

    private void EndOlder(
        Segment segment, RecordReader reader, bool isSealed, FileHeader next, bool isBeforeNewest)
    {
        (long end, uint previous) = (reader.Offset, reader.Previous);
        if (!isSealed && isBeforeNewest && IsUnused(next))
        {
            MissingSeal = MissingSeal.Of(segment, end, previous, State.Tail.Position);
            (end, previous) = (end + RecordHeader.Bytes, MissingSeal.Checksum);
        }
        else if (!isSealed)
        {
            throw Damage.At(
                _io.Directory, segment.Name, end,
                "no valid record is there, and the log goes on in the next segment");
        }

        LogTail tail = new(next.Base, next.Epochs, next.Committed);
        if (next.PreviousEnd != end || next.PreviousChecksum != previous || tail != State.Tail)
        {
            throw Damage.At(
                _io.Directory, segment.Name, end, "the next segment says that this one ends otherwise");
        }
    }

    // A roll seals the old segment before anything is written to the new one.
    private bool IsUnused(FileHeader header)
    {
        using IStorageFile file = _io.OpenRead(FileNames.Segment(header.Number));
        return TailInspection.Read(file, header, FileHeader.Bytes).DirtyEnd == FileHeader.Bytes;
    }
}
