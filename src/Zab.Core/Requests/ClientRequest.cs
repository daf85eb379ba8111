using System;
using System.Collections.Generic;
using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Tree;
using Zab.Core.Watches;

namespace Zab.Core.Requests;

/// <summary>What a client asks. Which fields carry meaning depends on <see cref="Op"/>; the rest keep their
/// defaults.</summary>
/// <remarks>Immutable; nobody writes to the memory behind <see cref="Data"/> once the request exists. Two
/// requests are not compared with ==, as <see cref="Data"/> compares by place.</remarks>
internal readonly record struct ClientRequest
{
    /// <summary>Who asks. For <see cref="OpCode.CreateSession"/> the session to open, for
    /// <see cref="OpCode.CloseSession"/> the one to close.</summary>
    public SessionId Session { get; init; }

    /// <summary>The client's number for the request; 0 for one that a server made.</summary>
    public int Cxid { get; init; }

    /// <summary>The operation.</summary>
    public required OpCode Op { get; init; }

    /// <summary>The node; never null. For a sequential create without the number.</summary>
    public string Path
    {
        get => field ?? "";
        init;
    }

    /// <summary>The data to create or set. Null and empty are two things.</summary>
    /// <remarks>A null array converts to empty memory: write <c>null</c> itself for null.</remarks>
    public ReadOnlyMemory<byte>? Data { get; init; }

    /// <summary>For a create: the kind of node.</summary>
    public CreateMode Mode { get; init; }

    /// <summary>For a create: the time to live in milliseconds, when the mode has one.</summary>
    public long TtlMs { get; init; }

    /// <summary>For a create, or to be set: the permissions; null for everyone.</summary>
    public Acl? Acl { get; init; }

    /// <summary>For a delete, set or check: the version that the node must have; -1 for any. Set it: 0 is a
    /// version.</summary>
    public int Version { get; init; }

    /// <summary>For a read: whether it leaves a one-shot watch.</summary>
    public bool Watch { get; init; }

    /// <summary>The watch to add, to look for or to remove; null to remove any.</summary>
    public WatchMode? WatchMode { get; init; }

    /// <summary>For a list of children: the name after which it begins; null for the first.</summary>
    public string? After { get; init; }

    /// <summary>For a list of children: the most names; 0 for all.</summary>
    public int Limit { get; init; }

    /// <summary>For a read that lists names: whether the answer has the state alone
    /// (<see cref="ClientReply.State"/>), from which whoever asked makes the list when it needs it.</summary>
    public bool ListsLater { get; init; }

    /// <summary>For <see cref="OpCode.SetWatches"/>: the watches.</summary>
    public WatchSet? Watches { get; init; }

    /// <summary>For <see cref="OpCode.CreateSession"/>: how long the client may be silent, in
    /// milliseconds.</summary>
    public int TimeoutMs { get; init; }

    /// <summary>For <see cref="OpCode.MoveSession"/>: what proves that the client is the
    /// session's.</summary>
    public ReadOnlyMemory<byte> Password { get; init; }

    /// <summary>For <see cref="OpCode.CreateSession"/>: a secret for the ensemble, if it has none
    /// yet.</summary>
    public ReadOnlyMemory<byte> Secret { get; init; }

    /// <summary>For <see cref="OpCode.CreateSession"/> and <see cref="OpCode.MoveSession"/>: whether the
    /// session lives only for as long as something is heard of its client; otherwise it lives for as long as
    /// the client is attached.</summary>
    public bool MustBeHeard { get; init; }

    /// <summary>Who the client is when it asks; null for nobody. The server fills it in.</summary>
    public IReadOnlyList<Identity>? Identities { get; init; }

    /// <summary>The operations of a multi or a multi-read; null for none.</summary>
    public IReadOnlyList<ClientRequest>? Operations { get; init; }

    /// <summary>Up to which of its requests the client has the answers; null when it will never ask for an
    /// answer again.</summary>
    public int? AnsweredUpTo { get; init; }

    /// <summary>Whether the request is made again when the leader is lost, and then not done twice.</summary>
    public bool IsKept => AnsweredUpTo is not null;

    /// <summary>How many watches the request leaves at most.</summary>
    public int WatchesAdded => Watches?.Count ?? (Watch || Op == OpCode.AddWatch ? 1 : 0);

    /// <summary>The request as bytes, for the way to the leader.</summary>
    internal ReadOnlyMemory<byte> Encode() => ClientRequestCodec.Encode(this);

    /// <summary>Reads a request that came from another server.</summary>
    /// <param name="bytes">The bytes, all of them; <see cref="Data"/> shares their memory.</param>
    /// <param name="request">The request.</param>
    /// <returns>Whether the bytes are a request. Its operation is then one that a leader decides on; its mode
    /// and the operations of a multi are any numbers, the path is any text.</returns>
    internal static bool TryDecode(ReadOnlyMemory<byte> bytes, out ClientRequest request) =>
        ClientRequestCodec.TryDecode(bytes, out request);
}
