namespace Zab.Storage.Io;

/// <summary>An open file of a store's directory.</summary>
/// <remarks>One thread at a time. Every error is an <see cref="IOException"/> and final for whoever depends
/// on the bytes: nothing here is tried again but a call that a signal interrupted.</remarks>
internal interface IStorageFile : IDisposable
{
    /// <summary>The length in bytes.</summary>
    long Length { get; }

    /// <summary>Reads until the buffer is full or the file ends.</summary>
    /// <returns>How many bytes were read: fewer than asked only at the end of the file.</returns>
    int Read(Span<byte> buffer, long offset);

    /// <summary>Writes all of the bytes. They are durable after the next <see cref="Flush"/>.</summary>
    void Write(ReadOnlySpan<byte> bytes, long offset);

    /// <summary>Makes an empty file <paramref name="bytes"/> long, filled with zeros, its space taken from
    /// the disk.</summary>
    void Allocate(long bytes);

    /// <summary>Makes the file's content and length durable.</summary>
    void Flush();
}
