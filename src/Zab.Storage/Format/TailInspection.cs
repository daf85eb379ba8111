using System.Buffers;
using Zab.Storage.Io;

namespace Zab.Storage.Format;

/// <summary>What lies behind the last good record of the newest segment: nothing, a torn tail, or proof of
/// damage.</summary>
/// <remarks>
/// <para>A crash may keep any part of what was not flushed, the later without the earlier. So a good record
/// after a bad one proves nothing by itself. But each record says how far the file was flushed when it was
/// written: one that says "further than the bad place" proves that the bad place was durable once, and hence
/// damaged since (R16).</para>
/// <para>The headers alone are looked at: they have a checksum of their own, and reading every possible body
/// would take time without bound when bodies are made to look like headers.</para>
/// </remarks>
/// <param name="DirtyEnd">The end of the last byte that is not zero, or the start when all are zero.</param>
/// <param name="ProofOffset">Where the record lies that proves the damage; null when there is none.</param>
internal readonly record struct TailInspection(long DirtyEnd, long? ProofOffset)
{
    private const int WindowBytes = 256 * 1024;

    /// <summary>Reads everything from <paramref name="start"/> to the end of the file.</summary>
    public static TailInspection Read(IStorageFile file, FileHeader header, long start)
    {
        uint seed = header.Seed;
        long length = file.Length;
        long dirtyEnd = start;
        byte[] window = ArrayPool<byte>.Shared.Rent(WindowBytes);
        try
        {
            for (long offset = start; offset < length;)
            {
                int read = file.Read(window.AsSpan(0, WindowBytes), offset);
                ReadOnlySpan<byte> bytes = window.AsSpan(0, read);
                int dirty = bytes.LastIndexOfAnyExcept((byte)0) + 1;
                dirtyEnd = dirty > 0 ? offset + dirty : dirtyEnd;
                if (dirty > 0 && FindProof(bytes, seed, offset, start) is { } proof)
                {
                    return new TailInspection(dirtyEnd, proof);
                }

                // Windows overlap, so that a header on the border is seen whole.
                offset += offset + read < length ? read - RecordHeader.Bytes : read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(window);
        }

        return new TailInspection(dirtyEnd, null);
    }

    private static long? FindProof(ReadOnlySpan<byte> bytes, uint seed, long windowOffset, long start)
    {
        for (int i = 0; i + RecordHeader.Bytes <= bytes.Length; i += RecordHeader.Alignment)
        {
            if (RecordHeader.TryRead(bytes[i..], seed, windowOffset + i, out RecordHeader record)
                && record.Flushed > start)
            {
                return windowOffset + i;
            }
        }

        return null;
    }
}
