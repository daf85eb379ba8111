using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using Zab.Core.Primitives;
using Zab.Core.Tree;

namespace Zab.Core.Sessions;

/// <summary>The sessions that exist, as a value: part of the replicated state, changed by transactions alone
/// (R11).</summary>
/// <remarks>Sorted by the id as an unsigned number, that is, by the server that opened the session. The
/// default value is the empty table.</remarks>
internal readonly struct SessionTable
{
    private readonly PersistentMap<SessionRecord> _sessions;

    private SessionTable(PersistentMap<SessionRecord> sessions, ulong digest) =>
        (_sessions, Digest) = (sessions, digest);

    /// <summary>The sum of the digests of all sessions.</summary>
    public ulong Digest { get; }

    /// <summary>The number of sessions.</summary>
    public int Count => _sessions.Count;

    /// <summary>All sessions, in order.</summary>
    public IEnumerable<SessionRecord> All
    {
        get
        {
            foreach (SessionRecord session in _sessions)
            {
                yield return session;
            }
        }
    }

    /// <summary>Whether a number may be the id of a session: not 0, nor what ZooKeeper puts in the place of
    /// an owner to mark containers (the smallest number) and nodes with a time to live (a first byte of
    /// 255).</summary>
    public static bool IsUsable(SessionId id) =>
        id != SessionId.None && id.Value != long.MinValue && (byte)(id.Value >>> 56) != 0xFF;

    /// <summary>Whether a session exists.</summary>
    public bool Contains(SessionId id) => TryGet(id, out _);

    /// <summary>Finds a session.</summary>
    public bool TryGet(SessionId id, [NotNullWhen(true)] out SessionRecord? session)
    {
        Span<byte> key = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(key, id.Value);
        return _sessions.TryGet(key, out session);
    }

    /// <summary>The server that opened a session: it serves it until the session moves.</summary>
    public static ServerId OpenerOf(SessionId id) => new((int)(byte)(id.Value >>> 56));

    /// <summary>The table with a session, or with another state of it.</summary>
    public SessionTable With(SessionRecord session, WriteToken token)
    {
        ulong before = _sessions.TryGet(session.Key, out SessionRecord? old) ? old.Digest : 0;
        return new(_sessions.Set(session, token), unchecked(Digest - before + session.Digest));
    }

    /// <summary>The table without a session that is in it.</summary>
    public SessionTable Without(SessionRecord session, WriteToken token) =>
        new(_sessions.Remove(session.Key, token), unchecked(Digest - session.Digest));
}
