namespace Zab.Storage.Tests.Support;

/// <summary>What a loss of power leaves of that which was not flushed.</summary>
internal enum PowerLoss
{
    /// <summary>Everything: the process died, the machine did not.</summary>
    KeepsAll = 1,

    /// <summary>Nothing.</summary>
    LosesAll = 2,

    /// <summary>Any of the sectors, and any of the names, each by the toss of a coin.</summary>
    KeepsSome = 3,
}
