namespace Zab.Core.Messages;

/// <summary>The kinds of messages between servers. The table with senders, receivers and phases is
/// docs/protocol.md.</summary>
/// <remarks>Values up to 19 are ZooKeeper's (<c>Leader.java</c>); those from 32 are our own. 0 is no
/// message.</remarks>
public enum MessageType
{
    /// <summary>Learner to leader: a client's request that needs the leader.</summary>
    Request = 1,

    /// <summary>Leader to follower: log this transaction.</summary>
    Proposal = 2,

    /// <summary>Follower to leader: everything up to this zxid is on my disk.</summary>
    Ack = 3,

    /// <summary>Leader to follower: everything up to this zxid is committed.</summary>
    Commit = 4,

    /// <summary>Leader to learner and back: a heartbeat that carries progress.</summary>
    Ping = 5,

    /// <summary>Learner to leader and back: is this session alive, and it is served here now.</summary>
    Revalidate = 6,

    /// <summary>Leader to learner: the barrier that a client asked for has been reached.</summary>
    Sync = 7,

    /// <summary>Leader to observer: this transaction is committed.</summary>
    Inform = 8,

    /// <summary>Leader to learner: you now have my initial history; take over my epoch.</summary>
    NewLeader = 10,

    /// <summary>Follower to leader: the epoch that I have accepted.</summary>
    FollowerInfo = 11,

    /// <summary>Leader to learner: the epoch is established; serve clients.</summary>
    UpToDate = 12,

    /// <summary>Leader to learner: what follows continues your history.</summary>
    Diff = 13,

    /// <summary>Leader to learner: cut your history back to this position; what follows continues
    /// it.</summary>
    Trunc = 14,

    /// <summary>Leader to learner: a snapshot follows that replaces your history.</summary>
    Snap = 15,

    /// <summary>Observer to leader: as <see cref="FollowerInfo"/>, from a server that does not
    /// vote.</summary>
    ObserverInfo = 16,

    /// <summary>Leader to learner: the epoch that I propose.</summary>
    LeaderInfo = 17,

    /// <summary>Learner to leader: I promise not to follow an older epoch; here is where my history
    /// ends.</summary>
    AckEpoch = 18,

    /// <summary>Any server to any server, on the election link: whom I would follow, and what I am
    /// doing.</summary>
    Notification = 32,

    /// <summary>Leader to learner: a piece of the snapshot announced by <see cref="Snap"/>.</summary>
    SnapChunk = 33,

    /// <summary>Leader to learner: the request was refused; it changed nothing.</summary>
    Refusal = 34,
}
