using Zab.Storage.Format;
using Zab.Storage.Io;

namespace Zab.Storage.Snapshots;

/// <summary>Reads snapshots, and tells whole ones from damaged ones.</summary>
internal static class SnapshotFileReader
{
    /// <summary>Reads the whole of a snapshot.</summary>
    /// <param name="io">The directory.</param>
    /// <param name="name">The file.</param>
    /// <param name="expected">The header that the file must have, as far as it says whose and what it
    /// is.</param>
    /// <returns>What is wrong with it; null when nothing is.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static string? Fault(IStorageIo io, string name, FileHeader expected)
    {
        using IStorageFile file = io.OpenRead(name);
        if (!StoredHeader.TryRead(file, out FileHeader? header) || header is null)
        {
            return "its header does not verify";
        }

        if (header.Base != expected.Base || header.Salt != expected.Salt
            || header.Identity != expected.Identity)
        {
            return $"it is the snapshot at {header.Base} under a wrong name";
        }

        using RecordReader reader = new(file, header);
        (long chunks, ulong bytes) = (0, 0);
        while (reader.TryRead(out RecordHeader record, out _))
        {
            if (record.Kind == RecordKind.Seal)
            {
                return record.First != chunks || record.Second != bytes
                    ? "its chunks are not those that were counted"
                    : reader.Offset != file.Length ? "something follows its end"
                    : null;
            }

            chunks++;
            bytes += (ulong)record.BodyBytes;
        }

        return $"no valid chunk is at byte {reader.Offset}";
    }

    /// <summary>The chunks of a snapshot, read and verified again as they are asked for.</summary>
    /// <exception cref="InvalidDataException">The file changed since it was verified.</exception>
    public static IEnumerable<ReadOnlyMemory<byte>> Chunks(IStorageIo io, string name)
    {
        using IStorageFile file = io.OpenRead(name);
        FileHeader header = StoredHeader.TryRead(file, out FileHeader? read) && read is not null ? read
            : throw Damage.At(io.Directory, name, 0, "its header does not verify any more");
        using RecordReader reader = new(file, header);
        while (reader.TryRead(out RecordHeader record, out ReadOnlyMemory<byte> body))
        {
            if (record.Kind == RecordKind.Seal)
            {
                yield break;
            }

            yield return body.ToArray();
        }

        throw Damage.At(io.Directory, name, reader.Offset, "no valid chunk is there any more");
    }
}
