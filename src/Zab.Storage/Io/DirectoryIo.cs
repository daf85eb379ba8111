namespace Zab.Storage.Io;

/// <summary>A real directory.</summary>
internal sealed class DirectoryIo(string directory) : IStorageIo
{
    private const string LockName = "lock";

    public string Directory { get; } = Path.GetFullPath(directory);

    public IDisposable Lock()
    {
        if (!System.IO.Directory.Exists(Directory))
        {
            System.IO.Directory.CreateDirectory(Directory);
            FlushDirectory(Path.GetDirectoryName(Directory) ?? Directory);
        }

        try
        {
            // FileShare.None is flock on Unix, per open file: it keeps out this process's other stores, too.
            return File.OpenHandle(
                PathOf(LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new IOException(
                $"The directory {Directory} could not be locked; another process, or another store of this " +
                "one, probably has it open. Stop that one, or give this server a directory of its own. " +
                $"({e.Message})",
                e);
        }
    }

    public IReadOnlyList<string> List() =>
        [.. System.IO.Directory.EnumerateFiles(Directory).Select(path => Path.GetFileName(path))];

    public IStorageFile Create(string name) => Open(name, FileMode.Create, FileAccess.ReadWrite);

    public IStorageFile OpenWrite(string name) => Open(name, FileMode.Open, FileAccess.ReadWrite);

    public IStorageFile OpenRead(string name) => Open(name, FileMode.Open, FileAccess.Read);

    // Both names are in one directory, so this is always rename(2), never a copy.
    public void Rename(string from, string to) => File.Move(PathOf(from), PathOf(to), overwrite: true);

    public void Delete(string name) => File.Delete(PathOf(name));

    public void FlushDirectory() => FlushDirectory(Directory);

    private static void FlushDirectory(string path)
    {
        // On Windows NTFS journals names by itself, and a directory cannot be flushed.
        if (!OperatingSystem.IsWindows())
        {
            Posix.FlushDirectory(path);
        }
    }

    private string PathOf(string name) => Path.Combine(Directory, name);

    private DirectoryFile Open(string name, FileMode mode, FileAccess access) =>
        new(PathOf(name), mode, access);
}
