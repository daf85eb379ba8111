using System;

namespace Zab.Core.Ports;

/// <summary>Writes one snapshot aside. Disposing it without <see cref="Publish"/> leaves no trace.</summary>
/// <remarks>For one thread at a time, which need not be the store's. Errors are not final for the node: it
/// keeps its log and tries again later.</remarks>
public interface ISnapshotWriter : IDisposable
{
    /// <summary>Adds a chunk.</summary>
    /// <param name="chunk">The bytes; they mean nothing to the store.</param>
    /// <exception cref="System.IO.IOException">Writing failed.</exception>
    void Write(ReadOnlySpan<byte> chunk);

    /// <summary>Makes the snapshot durable and visible to the next <see cref="ILogStore.Open"/>.</summary>
    /// <exception cref="System.IO.IOException">It could not be done; the snapshot does not exist.</exception>
    void Publish();
}
