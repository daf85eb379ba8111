using Zab.Storage.Io;

namespace Zab.Storage.Tests.Support;

/// <summary>An open file of a <see cref="SimulatedDisk"/>.</summary>
internal sealed class SimulatedFile(SimulatedDisk disk, string name, SimulatedInode inode) : IStorageFile
{
    public long Length => inode.Content.Length;

    public int Read(Span<byte> buffer, long offset)
    {
        int read = (int)Math.Clamp(inode.Content.Length - offset, 0, buffer.Length);
        inode.Content.AsSpan((int)offset, read).CopyTo(buffer);
        return read;
    }

    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        int half = bytes.Length / 2;
        ReadOnlySpan<byte> partial = bytes[..half];
        if (disk.FailsNow($"write {name}"))
        {
            inode.Write(partial, offset);
            throw SimulatedDisk.Full(name);
        }

        inode.Write(bytes, offset);
        disk.StopIfDue();
    }

    public void Allocate(long bytes)
    {
        if (disk.FailsNow($"allocate {name}"))
        {
            throw SimulatedDisk.Full(name);
        }

        inode.Write(new byte[bytes], 0);
        disk.StopIfDue();
    }

    public void Flush()
    {
        if (disk.FailsNow($"flush {name}"))
        {
            inode.ForgetPending();
            throw new IOException($"Could not flush {name}: input/output error.");
        }

        disk.StopIfDue(); // before the effect: a flush that did not return promises nothing
        inode.Flush();
    }

    public void Dispose()
    {
        // Nothing is held.
    }
}
