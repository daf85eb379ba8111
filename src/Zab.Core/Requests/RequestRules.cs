using Zab.Core.Access;

namespace Zab.Core.Requests;

/// <summary>What a leader allows; the same on every server of an ensemble.</summary>
internal sealed record RequestRules
{
    /// <summary>The rules of an ensemble that was not told otherwise.</summary>
    public static RequestRules Default { get; } = new();

    /// <summary>Who may do what.</summary>
    public AccessRules Access { get; init; } = AccessRules.BuiltIn;

    /// <summary>Whether a hard quota refuses; otherwise it only warns.</summary>
    public bool EnforcesQuotas { get; init; } = true;

    /// <summary>Whether nodes may have a time to live (ZooKeeper's <c>extendedTypesEnabled</c>).</summary>
    public bool AllowsTtl { get; init; } = true;

    /// <summary>The most bytes of a transaction, header and all (R19): up to
    /// <see cref="RequestPreparer.RecordBytesMax"/>, for which storage, transport and snapshots have
    /// room.</summary>
    public int RecordBytesMax { get; init; } = RequestPreparer.RecordBytesMax;

    /// <summary>The most ephemeral nodes of a session.</summary>
    public int EphemeralsMax { get; init; } = 100_000;
}
