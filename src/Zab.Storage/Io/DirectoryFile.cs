using Microsoft.Win32.SafeHandles;

namespace Zab.Storage.Io;

/// <summary>A file of a real directory, read and written at offsets, without a buffer of its own.</summary>
internal sealed class DirectoryFile(string path, FileMode mode, FileAccess access) : IStorageFile
{
    private const int ZeroBytes = 1 << 20;

    private readonly SafeFileHandle _handle =
        File.OpenHandle(path, mode, access, FileShare.ReadWrite | FileShare.Delete);

    public long Length => RandomAccess.GetLength(_handle);

    public int Read(Span<byte> buffer, long offset)
    {
        int total = 0;
        while (total < buffer.Length)
        {
            int read = RandomAccess.Read(_handle, buffer[total..], offset + total);
            if (read == 0)
            {
                break;
            }

            total += read;
        }

        return total;
    }

    public void Write(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(_handle, bytes, offset);

    public void Allocate(long bytes)
    {
        if (OperatingSystem.IsLinux() && Posix.TryAllocate(_handle, bytes, path))
        {
            return;
        }

        byte[] zeros = new byte[Math.Min(ZeroBytes, bytes)];
        for (long offset = 0; offset < bytes; offset += zeros.Length)
        {
            Write(zeros.AsSpan(0, (int)Math.Min(zeros.Length, bytes - offset)), offset);
        }
    }

    public void Flush()
    {
        if (OperatingSystem.IsWindows())
        {
            RandomAccess.FlushToDisk(_handle); // FlushFileBuffers; reports every error there
        }
        else
        {
            Posix.FlushFile(_handle, path);
        }
    }

    public void Dispose() => _handle.Dispose();
}
