namespace Zab.Storage.Io;

/// <summary>A real directory.</summary>
internal sealed class DirectoryIo(string directory) : IStorageIo
{
    private const string LockName = "lock";

    public string Directory { get; } = Path.GetFullPath(directory);

    public Guid NewSalt() => Guid.NewGuid();

    public IDisposable Lock()
    {
        try
        {
            AsIOException(() => Make(Directory));
        }
        catch (IOException e)
        {
            throw new IOException(
                $"The directory {Directory} cannot be made ({e.Message}). Name one that this process may " +
                "make, or write to.",
                e);
        }

        try
        {
            // FileShare.None is flock on Unix, per open file: it keeps out this process's other stores, too.
            return AsIOException(() => File.OpenHandle(
                PathOf(LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (e.InnerException is UnauthorizedAccessException)
        {
            throw new IOException(
                $"The directory {Directory} cannot be written to ({e.Message}). Allow it to this process, " +
                "or name another.",
                e);
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
    public void Rename(string from, string to) =>
        AsIOException(() => File.Move(PathOf(from), PathOf(to), overwrite: true));

    public void Delete(string name) => AsIOException(() => File.Delete(PathOf(name)));

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
        AsIOException(() => new DirectoryFile(PathOf(name), mode, access));

    // A directory is durable when the one above it is: each that is missing, from the top down.
    private static void Make(string path)
    {
        if (System.IO.Directory.Exists(path))
        {
            return;
        }

        string above = Path.GetDirectoryName(path) ?? path;
        Make(above);
        System.IO.Directory.CreateDirectory(path);
        FlushDirectory(above);
    }

    // .NET has an exception for missing permissions that is no IOException; for a store it is an error like
    // all others.
    private static T AsIOException<T>(Func<T> operation)
    {
        try
        {
            return operation();
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    private static void AsIOException(Action operation) => AsIOException(() =>
    {
        operation();
        return true;
    });
}
