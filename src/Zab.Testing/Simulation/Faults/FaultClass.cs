namespace Zab.Testing.Simulation.Faults;

/// <summary>The macro schedules that most known bugs need (docs/correctness.md): a seed draws a few and
/// randomises inside them, for uniform noise seldom gets two generations deep.</summary>
internal enum FaultClass
{
    /// <summary>A synchronisation is interrupted at its k-th packet or disk operation; another leader comes
    /// next.</summary>
    InterruptedSync = 1,

    /// <summary>A leader on its own writes, dies, and comes late.</summary>
    LonelyLeader = 2,

    /// <summary>All but one, or all, crash right after the acks that made something safe.</summary>
    MassCrash = 3,

    /// <summary>Errors, hangs, damage or loss of the disks of a minority.</summary>
    BadDisks = 4,

    /// <summary>Roles change while the disks are far behind.</summary>
    SlowDisks = 5,

    /// <summary>Links fail one by one, in one direction, or again and again.</summary>
    PartialPartitions = 6,

    /// <summary>Processes stand still, clocks run wrong, with clients attached.</summary>
    Pauses = 7,

    /// <summary>Servers come and go quickly.</summary>
    Churn = 8,

    /// <summary>A candidate loses its voters, or a voter its candidate, in the moment in which they become
    /// that; a better candidate comes.</summary>
    LostCandidates = 9,

    /// <summary>Learners are too slow for what is written, or were away for long and come back one by one, as
    /// the leaders change.</summary>
    Laggards = 10,
}
