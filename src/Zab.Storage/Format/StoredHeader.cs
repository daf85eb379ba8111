using Zab.Core.Ports;
using Zab.Storage.Io;

namespace Zab.Storage.Format;

/// <summary>Reads the headers of files, and refuses strangers'.</summary>
internal static class StoredHeader
{
    /// <summary>Reads the header of a file that must have a good one.</summary>
    /// <exception cref="InvalidDataException">It has not, or the file is somebody else's.</exception>
    public static FileHeader Read(IStorageIo io, string name, IStorageFile file, LogIdentity identity)
    {
        if (!TryRead(file, out FileHeader? header) || header is null)
        {
            throw Damage.At(io.Directory, name, 0, "its header does not verify");
        }

        if (header.Identity != identity)
        {
            throw new InvalidDataException(
                $"{Path.Combine(io.Directory, name)} belongs to server {header.Identity.ServerId} of the " +
                $"ensemble '{header.Identity.EnsembleId}', and this is server {identity.ServerId} of " +
                $"'{identity.EnsembleId}'. Correct the server's id or the ensemble's name, or give this " +
                "server a directory of its own.");
        }

        return header;
    }

    /// <summary>Reads the header of a file. False when it does not verify.</summary>
    public static bool TryRead(IStorageFile file, out FileHeader? header)
    {
        byte[] block = new byte[FileHeader.Bytes];
        header = null;
        return file.Read(block, 0) == block.Length && FileHeader.TryRead(block, out header);
    }
}
