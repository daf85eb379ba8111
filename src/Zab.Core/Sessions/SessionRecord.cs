using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Zab.Core.Primitives;
using Zab.Core.Tree;

namespace Zab.Core.Sessions;

/// <summary>What all servers know of a session: its timeout and the ephemeral nodes that it owns.
/// Immutable.</summary>
internal sealed class SessionRecord : KeyedItem
{
    // The id in big-endian order whatever the platform, so that its bytes sort as the number does.
    private readonly long _idBytes;

    /// <summary>A session without ephemeral nodes.</summary>
    /// <param name="id">The session.</param>
    /// <param name="timeoutMs">How long its client may be silent, in milliseconds, 1 or more.</param>
    public SessionRecord(SessionId id, int timeoutMs)
        : this(id, timeoutMs, ephemerals: default, ephemeralBytes: 0)
    {
    }

    private SessionRecord(
        SessionId id, int timeoutMs, PersistentMap<EphemeralPath> ephemerals, int ephemeralBytes)
    {
        BinaryPrimitives.WriteInt64BigEndian(MemoryMarshal.AsBytes(new Span<long>(ref _idBytes)), id.Value);
        TimeoutMs = timeoutMs;
        Ephemerals = ephemerals;
        EphemeralBytes = ephemeralBytes;
    }

    /// <summary>The session.</summary>
    public SessionId Id => new(BinaryPrimitives.ReadInt64BigEndian(Key));

    /// <summary>How long its client may be silent, in milliseconds.</summary>
    public int TimeoutMs { get; }

    /// <summary>The paths of its ephemeral nodes, in the order of their bytes.</summary>
    public PersistentMap<EphemeralPath> Ephemerals { get; }

    /// <summary>The bytes of all those paths together.</summary>
    public int EphemeralBytes { get; }

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Key => MemoryMarshal.AsBytes(new ReadOnlySpan<long>(in _idBytes));

    /// <summary>The session with one more ephemeral node.</summary>
    public SessionRecord With(ReadOnlySpan<byte> path, WriteToken token)
    {
        EphemeralPath added = new(path.ToArray());
        return new(Id, TimeoutMs, Ephemerals.Set(added, token), EphemeralBytes + path.Length);
    }

    /// <summary>The session without one of its ephemeral nodes.</summary>
    public SessionRecord Without(ReadOnlySpan<byte> path, WriteToken token) =>
        new(Id, TimeoutMs, Ephemerals.Remove(path, token), EphemeralBytes - path.Length);
}
