using System;
using Zab.Core.Primitives;

namespace Zab.Core.Messages;

/// <summary>One message between two servers.</summary>
/// <remarks>A flat value: which fields carry meaning depends on <see cref="Type"/> (see docs/protocol.md);
/// the rest keep their defaults, and a transport carries every field as it is. Two messages are not compared
/// with ==, as <see cref="Body"/> compares by place. Immutable: neither side may write to the memory behind
/// <see cref="Body"/> once the message exists.</remarks>
public readonly record struct Message
{
    /// <summary>The kind of message.</summary>
    public required MessageType Type { get; init; }

    /// <summary>The transaction, or the position, that the message is about.</summary>
    public Zxid Zxid { get; init; }

    /// <summary>The hash of the history up to <see cref="Zxid"/>.</summary>
    public ChainHash Chain { get; init; }

    /// <summary>An epoch: accepted, proposed, current, or that of a vote's candidate.</summary>
    public int Epoch { get; init; }

    /// <summary>A count: the round of an election or of a heartbeat, or the index of a chunk.</summary>
    public long Number { get; init; }

    /// <summary>In a notification: the server voted for.</summary>
    public ServerId Candidate { get; init; }

    /// <summary>In a notification: what the sender is doing.</summary>
    public ServerState State { get; init; }

    /// <summary>In a notification: the sender's own current epoch; 0 tells that it never joined an ensemble
    /// (R17).</summary>
    public int SenderEpoch { get; init; }

    /// <summary>In a notification: the end of the sender's own history when its election began.</summary>
    public Zxid SenderZxid { get; init; }

    /// <summary>A yes or no: an epoch that counts, the last chunk, a valid session, a voter that
    /// hears a quorum.</summary>
    public bool Flag { get; init; }

    /// <summary>Bytes that the protocol carries and does not read: a transaction, a request, a
    /// chunk.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Both halves of the position that the message names.</summary>
    public LogPosition Position => new(Zxid, Chain);
}
