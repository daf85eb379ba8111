namespace Zab.Testing.Simulation.Disks;

/// <summary>What a loss of power leaves of that which was not flushed (D3, D15).</summary>
/// <remarks>What a failed flush forgot, and what a lost write never brought, is gone in every case.</remarks>
internal enum PowerLoss
{
    /// <summary>Everything: the machine had just written all of it.</summary>
    KeepsAll = 1,

    /// <summary>Nothing.</summary>
    LosesAll = 2,

    /// <summary>Any of the sectors, and any of the names, each by the toss of a coin.</summary>
    KeepsSome = 3,

    /// <summary>The earlier operations and not the later ones, over all files and names; of the first that
    /// is lost, when it is a write, any number of leading bytes.</summary>
    KeepsPrefix = 4,
}
