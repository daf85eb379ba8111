namespace Zab.Core.Broadcast;

/// <summary>How far a learner has come with its leader. Each phase begins with a message and ends with the
/// next.</summary>
internal enum LearnerPhase
{
    /// <summary>It told the epoch that it accepted.</summary>
    Discovery = 1,

    /// <summary>It promised the leader's epoch, and told where its history ends.</summary>
    Promised = 2,

    /// <summary>It is being brought to the leader's history.</summary>
    Synchronization = 3,

    /// <summary>It has been sent NEWLEADER.</summary>
    NewLeaderSent = 4,

    /// <summary>It has taken over the epoch: its acks count.</summary>
    Synchronized = 5,

    /// <summary>It has been sent UPTODATE and serves clients.</summary>
    Serving = 6,
}
