using Zab.Core;
using Zab.Core.Messages;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Core.Quorum;

namespace Zab.Testing.Simulation.Checks;

/// <content>Truthful messages (E1 to E17): what a server says must be so, on its disk, when it leaves.</content>
internal sealed partial class Ghost
{
    private readonly Dictionary<long, GhostLink> _links = [];

    /// <summary>A message leaves a server.</summary>
    /// <param name="from">The sender.</param>
    /// <param name="envelope">The message.</param>
    /// <param name="recordsAfter">How many records the sender had made when it made the message.</param>
    public void OnSent(ServerId from, in Envelope envelope, long recordsAfter)
    {
        GhostServer server = this[from];
        MessageType type = envelope.Message.Type;
        Rule.Holds(!server.HasFailed, $"E17: server {from} sends {type} after its log failed");
        bool asserts = type is MessageType.Notification or MessageType.FollowerInfo
            or MessageType.ObserverInfo or MessageType.AckEpoch or MessageType.Ack or MessageType.LeaderInfo;
        Rule.Holds(
            !asserts || server.RecordsDurable >= recordsAfter,
            $"{CheckIdOf(envelope.Message)}: server {from} sends {type} when {server.RecordsDurable} of "
            + $"{recordsAfter} records are on its disk");
        OnStream(server, envelope);
    }

    /// <summary>A message arrives at a server, which has not seen it yet.</summary>
    public void OnDelivered(ServerId to, Link link, in Message message)
    {
        GhostServer server = this[to];
        switch (message)
        {
            case { Type: MessageType.FollowerInfo }:
                server.Told[link.Number] = new GhostServer.LearnerTold(link.Peer) { Accepted = message.Epoch };
                break;
            case { Type: MessageType.AckEpoch } when server.Told.TryGetValue(link.Number, out GhostServer.LearnerTold? promise):
                (promise.CurrentEpoch, promise.Last) = (message.Epoch, message.Position);
                promise.Promised = message.Flag;
                break;
            case { Type: MessageType.Ack } when server.Told.TryGetValue(link.Number, out GhostServer.LearnerTold? ack):
                ack.HasAdopted |= message.Zxid.Counter == 0;
                break;
            case { Type: MessageType.LeaderInfo }:
                server.LeaderInfoHeard = message.Epoch;
                break;
            case { Type: MessageType.NewLeader }:
                server.NewLeaderHeard = (message.Zxid.Epoch, message.Chain);
                break;
            default:
                break;
        }
    }

    /// <summary>A link is over at one end.</summary>
    public void OnLinkDown(ServerId at, Link link)
    {
        if (this[at].Told.TryGetValue(link.Number, out GhostServer.LearnerTold? told))
        {
            told.IsGoing = true; // a promise stands all the same
        }

        _ = _links.Remove(link.Number);
    }

    /// <summary>A message was made: is it true of the log as it will be when the message leaves?</summary>
    private void OnMade(GhostServer server, Replica replica, in Envelope envelope)
    {
        Message message = envelope.Message;
        LogAccount log = server.Appended;
        switch (message)
        {
            case { Type: MessageType.Notification }:
                CheckVote(server, message);
                break;
            case { Type: MessageType.FollowerInfo }:
            case { Type: MessageType.ObserverInfo }:
                Rule.Holds(
                    message.Epoch == log.Epochs.Accepted,
                    $"E2: server {server.Id} says that it accepted {message.Epoch}, and its log {log.Epochs}");
                break;
            case { Type: MessageType.AckEpoch }:
                CheckPromise(server, message);
                break;
            case { Type: MessageType.LeaderInfo }:
                Rule.Holds(
                    log.Epochs.Accepted == message.Epoch && server.Chosen == message.Epoch,
                    $"E4: server {server.Id} proposes epoch {message.Epoch}, having chosen "
                    + $"{server.Chosen}, and its own promise is {log.Epochs}");
                break;
            case { Type: MessageType.NewLeader }:
                Rule.Holds(
                    _initialHistories.TryGetValue(message.Zxid.Epoch, out (ServerId Owner, LogPosition) initial)
                    && initial.Owner == server.Id,
                    $"E5: server {server.Id} sends NEWLEADER {message.Zxid}, and does not own that epoch");
                break;
            case { Type: MessageType.Ack }:
                CheckAck(server, envelope.Link.Peer, message);
                break;
            case { Type: MessageType.UpToDate }:
                Rule.Holds(
                    message.Zxid == replica.Log.Committed.Zxid,
                    $"E10: server {server.Id} sends UPTODATE {message.Zxid}, and has committed "
                    + $"{replica.Log.Committed}");
                break;
            default:
                break;
        }
    }

    /// <summary>E1: a vote for oneself is the end of the own log.</summary>
    private static void CheckVote(GhostServer server, in Message message)
    {
        if (message.State == ServerState.Looking && message.Candidate == server.Id)
        {
            Rule.Holds(
                message.Epoch == server.Appended.Epochs.Current
                && message.Zxid == server.Appended.Head.Zxid,
                $"E1: server {server.Id} votes for itself at {message.Epoch}/{message.Zxid}, and its log is at "
                + $"{server.Appended.Epochs}, {server.Appended.Head}");
        }
    }

    /// <summary>E3: a promise is on the disk, is told as it is, and counts once.</summary>
    private static void CheckPromise(GhostServer server, in Message message)
    {
        LogAccount log = server.Appended;
        Rule.Holds(
            log.Epochs.Accepted == server.LeaderInfoHeard && message.Epoch == log.Epochs.Current
            && message.Position == log.Head,
            $"E3: server {server.Id} promises {server.LeaderInfoHeard} at {message.Epoch}/{message.Position}, "
            + $"and its log is at {log.Epochs}, {log.Head}");
    }

    /// <summary>E6 and E8: an ack covers what the log holds of the leader's history.</summary>
    private void CheckAck(GhostServer server, ServerId leader, in Message message)
    {
        LogAccount log = server.Appended;
        GhostServer owner = this[leader];
        if (message.Zxid.Counter == 0)
        {
            int epoch = message.Zxid.Epoch;
            Rule.Holds(
                log.Epochs == new Epochs(epoch, epoch),
                $"E6: server {server.Id} acknowledges NEWLEADER {epoch}, and its log is at {log.Epochs}");
        }
        else
        {
            Rule.Holds(
                log.At(message.Zxid) is { } position && position.Zxid == message.Zxid
                && log.Epochs.Current == log.Epochs.Accepted,
                $"E8: server {server.Id} acknowledges {message.Zxid}, and its log ends at {log.Head}, with "
                + $"epochs {log.Epochs}");
        }

        if (owner.Appended.Epochs.Current == log.Epochs.Current && owner.State == ServerState.Leading)
        {
            Rule.Holds(
                owner.Appended.Head.Zxid >= log.Head.Zxid && owner.Appended.Contains(log.Head),
                $"S16: server {server.Id} ends at {log.Head}, which its leader {leader} does not have");
        }
    }

    /// <summary>What goes out on a link is one stream without gaps.</summary>
    private void OnStream(GhostServer server, in Envelope envelope)
    {
        Message message = envelope.Message;
        Link link = envelope.Link;
        if (link.Kind != LinkKind.Quorum)
        {
            return;
        }

        if (!_links.TryGetValue(link.Number, out GhostLink? stream))
        {
            _links.Add(link.Number, stream = new GhostLink());
        }

        switch (message)
        {
            case { Type: MessageType.Diff }:
            case { Type: MessageType.Trunc }:
            case { Type: MessageType.Snap }:
                CheckSync(server, link, message);
                stream.LastEntry = message.Position;
                break;
            case { Type: MessageType.Proposal }:
            case { Type: MessageType.Inform }:
                Rule.Holds(
                    stream.LastEntry is { } last && IsKnownAfter(message.Position, last),
                    $"E13: server {server.Id} sends {message.Position} to {link.Peer} after "
                    + $"{stream.LastEntry}");
                Rule.Holds(
                    message.Type == MessageType.Proposal || message.Zxid <= _committed.Last.Zxid,
                    $"E9: server {server.Id} sends INFORM {message.Zxid}, which is not committed");
                stream.LastEntry = message.Position;
                break;
            case { Type: MessageType.NewLeader }:
                Rule.Holds(
                    stream.LastEntry is { } end && end.Chain == message.Chain,
                    $"E6: NEWLEADER {message.Zxid} goes to {link.Peer} with {stream.LastEntry} sent");
                break;
            case { Type: MessageType.Commit }:
            case { Type: MessageType.UpToDate }:
                CheckCommit(server, stream, message);
                break;
            case { Type: MessageType.AckEpoch }:
                int promised = server.LeaderInfoHeard;
                Rule.Holds(
                    !message.Flag || server.Promised.TryAdd(promised, link.Peer),
                    $"E3: server {server.Id} promises epoch {promised} a second time, and counts");
                break;
            case { Type: MessageType.Ack }:
                CheckAckOrder(server, link.Peer, stream, message);
                break;
            default:
                break;
        }
    }

    /// <summary>E11, E12, E13: the leader's way for a learner fits what the learner has.</summary>
    private void CheckSync(GhostServer leader, Link link, in Message message)
    {
        LogPosition position = message.Position;
        LogAccount theirs = this[link.Peer].Appended;
        if (message.Type == MessageType.Snap)
        {
            Rule.Holds(
                _committed.Contains(position),
                $"E12: server {leader.Id} sends a snapshot at {position}, which is not committed");
            return;
        }

        Rule.Holds(
            leader.Appended.Contains(position),
            $"E13: server {leader.Id} starts {link.Peer} from {position}, which it does not have itself");
        if (message.Type == MessageType.Diff)
        {
            Rule.Holds(
                theirs.Head == position,
                $"E13: server {leader.Id} sends a DIFF from {position} to {link.Peer}, at {theirs.Head}");
            return;
        }

        LogPosition? next = theirs.Next(position.Zxid);
        Rule.Holds(
            theirs.Contains(position) && (next is not { } lost
                || (!_committed.Contains(lost)
                    && !(leader.Appended.Head.Zxid >= lost.Zxid && leader.Appended.Contains(lost)))),
            $"E11: server {leader.Id} cuts {link.Peer} to {position}, which loses {next}");
    }

    private void CheckCommit(GhostServer leader, GhostLink stream, in Message message)
    {
        LogPosition? position = leader.Appended.At(message.Zxid);
        Rule.Holds(
            message.Zxid <= _committed.Last.Zxid
            && (position is not { } at || _committed.Contains(at) || at.Zxid < message.Zxid),
            $"E9: server {leader.Id} sends {message.Type} {message.Zxid}, which is not committed");
        Rule.Holds(
            stream.LastEntry is { } sent && sent.Zxid >= message.Zxid && message.Zxid >= stream.LastCommit,
            $"E9: server {leader.Id} sends {message.Type} {message.Zxid} after {stream.LastEntry} and "
            + $"{stream.LastCommit}");
        if (message.Type == MessageType.UpToDate)
        {
            ServerSet adopted = ServerSet.Of(leader.Id);
            foreach (GhostServer.LearnerTold told in leader.Told.Values)
            {
                if (told.HasAdopted)
                {
                    adopted.Add(told.Learner);
                }
            }

            Rule.Holds(
                _verifier.IsQuorum(adopted),
                $"E10: server {leader.Id} sends UPTODATE with the acks of {adopted}");
        }

        stream.LastCommit = message.Zxid;
    }

    private static void CheckAckOrder(
        GhostServer server, ServerId leader, GhostLink stream, in Message message)
    {
        if (message.Zxid.Counter == 0)
        {
            int epoch = message.Zxid.Epoch;
            Rule.Holds(
                server.Adopted.TryAdd(epoch, leader) || server.Adopted[epoch] == leader,
                $"E6: server {server.Id} takes over epoch {epoch} from {leader} and another");
            stream.HasAckedNewLeader = true;
            return;
        }

        Rule.Holds(
            stream.HasAckedNewLeader && message.Zxid >= stream.LastAck,
            $"E8: server {server.Id} acknowledges {message.Zxid} after {stream.LastAck}");
        stream.LastAck = message.Zxid;
    }

    private static string CheckIdOf(in Message message) => message.Type switch
    {
        MessageType.Notification => "E1",
        MessageType.FollowerInfo or MessageType.ObserverInfo => "E2",
        MessageType.AckEpoch => "E3",
        MessageType.LeaderInfo => "E4",
        MessageType.Ack => message.Zxid.Counter == 0 ? "E6" : "E8",
        _ => "R1",
    };
}
