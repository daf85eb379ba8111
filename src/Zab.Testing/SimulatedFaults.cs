namespace Zab.Testing;

/// <summary>Kinds of faults that strike a simulated ensemble by chance. None of them loses what a disk
/// had flushed.</summary>
[Flags]
public enum SimulatedFaults
{
    /// <summary>Nothing goes wrong.</summary>
    None = 0,

    /// <summary>Processes are killed and machines lose their power; they come back.</summary>
    Crashes = 1,

    /// <summary>Servers are cut off, in both directions or in one, noticed or not.</summary>
    Partitions = 2,

    /// <summary>Processes stand still, even between deciding and speaking, and go on.</summary>
    Pauses = 4,

    /// <summary>Flushes take up to a second.</summary>
    SlowDisks = 8,

    /// <summary>All of these.</summary>
    All = Crashes | Partitions | Pauses | SlowDisks,
}
