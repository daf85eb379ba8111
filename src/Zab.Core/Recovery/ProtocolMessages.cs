using System;
using System.Collections.Generic;
using Zab.Core.Election;
using Zab.Core.Messages;
using Zab.Core.Primitives;

namespace Zab.Core.Recovery;

/// <summary>The messages of the protocol, by name. The table is docs/protocol.md.</summary>
internal static class ProtocolMessages
{
    /// <summary>FOLLOWERINFO or OBSERVERINFO; the paper's CEPOCH.</summary>
    public static Message Info(bool observer, int acceptedEpoch) => new()
    {
        Type = observer ? MessageType.ObserverInfo : MessageType.FollowerInfo,
        Epoch = acceptedEpoch,
    };

    /// <summary>LEADERINFO; the paper's NEWEPOCH.</summary>
    public static Message LeaderInfo(int epoch) => new() { Type = MessageType.LeaderInfo, Epoch = epoch };

    /// <summary>ACKEPOCH; the paper's ACK-E. A number other than 0 asks for a snapshot.</summary>
    public static Message AckEpoch(
        int currentEpoch, bool counts, LogPosition last, List<LogPosition> ends, bool needsSnapshot) => new()
    {
        Type = MessageType.AckEpoch,
        Epoch = currentEpoch,
        Flag = counts,
        Zxid = last.Zxid,
        Chain = last.Chain,
        Number = needsSnapshot ? 1 : 0,
        Body = PositionList.Encode(ends),
    };

    /// <summary>DIFF, TRUNC or SNAP: what follows starts from this position.</summary>
    public static Message StartSync(MessageType type, LogPosition from) =>
        new() { Type = type, Zxid = from.Zxid, Chain = from.Chain };

    /// <summary>A piece of a snapshot.</summary>
    public static Message SnapChunk(long index, ReadOnlyMemory<byte> chunk, bool last) =>
        new() { Type = MessageType.SnapChunk, Number = index, Flag = last, Body = chunk };

    /// <summary>PROPOSAL to a voter, INFORM to an observer.</summary>
    public static Message Entry(MessageType type, in HistoryEntry entry) => new()
    {
        Type = type,
        Zxid = entry.Position.Zxid,
        Chain = entry.Position.Chain,
        Body = entry.Body,
    };

    /// <summary>NEWLEADER: the learner's history must now end with this hash.</summary>
    public static Message NewLeader(int epoch, ChainHash chain) =>
        new() { Type = MessageType.NewLeader, Zxid = Zxid.Of(epoch, 0), Chain = chain };

    /// <summary>ACK, COMMIT or UPTODATE: everything up to the zxid.</summary>
    public static Message UpTo(MessageType type, Zxid zxid) => new() { Type = type, Zxid = zxid };

    /// <summary>PING: a heartbeat.</summary>
    public static Message Ping(long round, Zxid progress, ReadOnlyMemory<byte> body) =>
        new() { Type = MessageType.Ping, Number = round, Zxid = progress, Body = body };

    /// <summary>The notification of a vote and a state.</summary>
    public static Message Notification(
        Vote vote, Vote own, long round, ServerState state, bool hearsQuorum) => new()
    {
        Type = MessageType.Notification,
        Epoch = vote.PeerEpoch,
        Zxid = vote.LastZxid,
        Candidate = vote.Candidate,
        Number = round,
        State = state,
        SenderEpoch = own.PeerEpoch,
        SenderZxid = own.LastZxid,
        Flag = hearsQuorum,
    };
}
