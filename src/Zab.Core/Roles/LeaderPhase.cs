namespace Zab.Core.Roles;

/// <summary>The phases of a leader. Source: Zab paper, phases 1 to 3.</summary>
internal enum LeaderPhase
{
    /// <summary>Agreeing on an epoch with a quorum.</summary>
    Discovery = 1,

    /// <summary>Bringing a quorum to the initial history.</summary>
    Synchronization = 2,

    /// <summary>Established: proposing and committing.</summary>
    Broadcast = 3,
}
