namespace Zab.Core.Roles;

/// <summary>How far a learner has come in joining its leader.</summary>
internal enum LearnerState
{
    /// <summary>Dialling the leader.</summary>
    Connecting = 1,

    /// <summary>It told the epoch that it accepted.</summary>
    Discovery = 2,

    /// <summary>It promised the leader's epoch.</summary>
    Promised = 3,

    /// <summary>It takes in the leader's history.</summary>
    Synchronizing = 4,

    /// <summary>It took over the epoch, and acknowledged NEWLEADER.</summary>
    Adopted = 5,

    /// <summary>It serves clients.</summary>
    Serving = 6,
}
