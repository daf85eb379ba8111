using Zab.Storage.Format;
using Zab.Storage.Io;

namespace Zab.Storage.Log;

/// <summary>Puts the end of a verified log in order.</summary>
internal static class TailRepair
{
    private const int BlockBytes = 256 * 1024;

    /// <summary>Finishes an interrupted roll, wipes what a torn write left, and makes the rest durable for
    /// certain.</summary>
    /// <returns>A writer at the end of the log.</returns>
    public static RecordWriter Repair(IStorageIo io, LogScan scan)
    {
        if (scan.Segments.All.Count > 1 && scan.End == FileHeader.Bytes)
        {
            Seal(io, scan);
        }

        IStorageFile file = io.OpenWrite(scan.Segments.Newest.Name);
        try
        {
            WriteAgain(file, scan.ProvenEnd, scan.End);
            Wipe(file, scan.End, scan.DirtyEnd);
            file.Flush();
            return new RecordWriter(file, scan.Segments.Newest.Header, scan.End, scan.Previous);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    // Without a record in the newest segment nothing proves that the roll which made it came to its end. Its
    // seal may be missing, or in the page cache alone; and so may the segment's name, without which the seal
    // must not stand.
    private static void Seal(IStorageIo io, LogScan scan)
    {
        io.FlushDirectory();
        using IStorageFile older = io.OpenWrite(scan.Segments.All[^2].Name);
        if (scan.MissingSeal is { } seal)
        {
            older.Write(seal.Bytes.Span, seal.Offset);
        }
        else
        {
            long end = scan.Segments.Newest.Header.PreviousEnd;
            WriteAgain(older, end - RecordHeader.Bytes, end);
        }

        older.Flush();
    }

    // What was read may be in the page cache alone, and clean: after a failed flush the kernel forgets that
    // it must be written. Writing the same bytes makes the pages dirty, so that the flush that follows means
    // what it says.
    private static void WriteAgain(IStorageFile file, long start, long end)
    {
        byte[] block = new byte[Math.Min(BlockBytes, end - start)];
        for (long offset = start; offset < end; offset += block.Length)
        {
            Span<byte> bytes = block.AsSpan(0, (int)Math.Min(block.Length, end - offset));
            Check.Holds(file.Read(bytes, offset) == bytes.Length);
            file.Write(bytes, offset);
        }
    }

    // Zeros, so that nothing of the torn write ever comes to stand behind a good record.
    private static void Wipe(IStorageFile file, long start, long end)
    {
        byte[] zeros = new byte[Math.Min(BlockBytes, end - start)];
        for (long offset = start; offset < end; offset += zeros.Length)
        {
            file.Write(zeros.AsSpan(0, (int)Math.Min(zeros.Length, end - offset)), offset);
        }
    }
}
