using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Zab.Storage.Io;

/// <summary>The system calls that .NET does not offer, or answers for.</summary>
/// <remarks><c>RandomAccess.FlushToDisk</c> takes EROFS, EINVAL and ENOTSUP from fsync for success on Unix,
/// so a disk that turned read-only would seem to hold what it never got; and nothing managed flushes a
/// directory. Here every error but EINTR is an exception (R15).</remarks>
internal static partial class Posix
{
    private const int Interrupted = 4; // EINTR
    private const int InvalidArgument = 22; // EINVAL
    private const int NotSupported = 95; // EOPNOTSUPP on Linux, the only system on which it is asked
    private const int FullFlush = 51; // F_FULLFSYNC of macOS: through the drive's cache as well
    private const int ReadOnly = 0; // O_RDONLY

    /// <summary>Makes a file's content and length durable.</summary>
    public static void FlushFile(SafeFileHandle file, string path)
    {
        int result;
        do
        {
            result = OperatingSystem.IsMacOS() ? Fcntl(file, FullFlush)
                : OperatingSystem.IsLinux() ? FDataSync(file)
                : FSync(file);
        }
        while (result != 0 && Marshal.GetLastPInvokeError() == Interrupted);

        ThrowUnless(result == 0, "flush", path);
    }

    /// <summary>Makes a directory's entries durable.</summary>
    public static void FlushDirectory(string path)
    {
        using SafeFileHandle directory = OpenDirectory(path);
        int result;
        do
        {
            result = FSync(directory);
        }
        while (result != 0 && Marshal.GetLastPInvokeError() == Interrupted);

        ThrowUnless(result == 0, "flush the directory", path);
    }

    /// <summary>Takes space for a file. False when this file system cannot; a disk that is full is an
    /// exception.</summary>
    public static bool TryAllocate(SafeFileHandle file, long bytes, string path)
    {
        int error;
        do
        {
            // Returns the error, and leaves errno alone.
            error = PosixFAllocate(file, 0, checked((nint)bytes));
        }
        while (error == Interrupted);

        Marshal.SetLastPInvokeError(error);
        ThrowUnless(error is 0 or InvalidArgument or NotSupported, "allocate space for", path);
        return error == 0;
    }

    private static SafeFileHandle OpenDirectory(string path)
    {
        SafeFileHandle directory;
        do
        {
            directory = Open(path, ReadOnly);
        }
        while (directory.IsInvalid && Marshal.GetLastPInvokeError() == Interrupted);

        ThrowUnless(!directory.IsInvalid, "open the directory", path);
        return directory;
    }

    private static void ThrowUnless(bool succeeded, string what, string path)
    {
        if (!succeeded)
        {
            int error = Marshal.GetLastPInvokeError();
            throw new IOException(
                $"Could not {what} {path}: {Marshal.GetPInvokeErrorMessage(error)} (error {error}).");
        }
    }

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FDataSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Fcntl(SafeFileHandle file, int command);

    [LibraryImport("libc", EntryPoint = "posix_fallocate")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int PosixFAllocate(SafeFileHandle file, nint offset, nint bytes);

    [LibraryImport(
        "libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial SafeFileHandle Open(string path, int flags);
}
