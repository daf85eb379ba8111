namespace Zab.Storage.Io;

/// <summary>The few operations of a file system that a store needs, in one directory.</summary>
/// <remarks>The seam at which tests lose power and break disks. Names are plain file names. Creating,
/// renaming and deleting are durable after the next <see cref="FlushDirectory"/>, and until then may be lost
/// singly and in any order. May be used by several threads at once. Errors are
/// <see cref="IOException"/>s.</remarks>
internal interface IStorageIo
{
    /// <summary>The directory, for messages.</summary>
    string Directory { get; }

    /// <summary>A number that no other directory has, to know strange files by.</summary>
    Guid NewSalt();

    /// <summary>Makes the directory if it is missing, and takes it for this store alone.</summary>
    /// <returns>The lock, which is given back when it is disposed of, or when the process ends.</returns>
    /// <exception cref="IOException">Another store has it.</exception>
    IDisposable Lock();

    /// <summary>The names of the files, in no order.</summary>
    IReadOnlyList<string> List();

    /// <summary>Opens a new file, or an old one emptied, for reading and writing.</summary>
    IStorageFile Create(string name);

    /// <summary>Opens a file that exists for reading and writing.</summary>
    IStorageFile OpenWrite(string name);

    /// <summary>Opens a file that exists for reading.</summary>
    IStorageFile OpenRead(string name);

    /// <summary>Gives a file another name, in one step; a file that has that name is replaced.</summary>
    void Rename(string from, string to);

    /// <summary>Removes a file.</summary>
    void Delete(string name);

    /// <summary>Makes all that was created, renamed and deleted durable.</summary>
    void FlushDirectory();
}
