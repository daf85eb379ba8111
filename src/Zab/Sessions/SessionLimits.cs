namespace Zab.Sessions;

/// <summary>How much the sessions of a node may take, and what the node keeps for them. Checked by
/// <see cref="ZabNodeOptions.Validate"/>.</summary>
/// <param name="options">Where the limits stand.</param>
internal sealed class SessionLimits(ZabNodeOptions options)
{
    /// <summary>See <see cref="ZabNodeOptions.RequestBytesMax"/>.</summary>
    public int RequestBytesMax { get; } = options.RequestBytesMax;

    /// <summary>See <see cref="ZabNodeOptions.RequestsMax"/>.</summary>
    public int RequestsMax { get; } = options.RequestsMax;

    /// <summary>See <see cref="ZabNodeOptions.SessionRequestsMax"/>.</summary>
    public int SessionRequestsMax { get; } = options.SessionRequestsMax;

    /// <summary>See <see cref="ZabNodeOptions.SessionWatchesMax"/>.</summary>
    public int SessionWatchesMax { get; } = options.SessionWatchesMax;

    /// <summary>See <see cref="ZabNodeOptions.StatesKept"/>.</summary>
    public int StatesKept { get; } = options.StatesKept;

    /// <summary>See <see cref="ZabNodeOptions.StateTransactionsKept"/>.</summary>
    public int StateTransactionsKept { get; } = options.StateTransactionsKept;

    /// <summary>See <see cref="ZabNodeOptions.StateBytesKept"/>.</summary>
    public int StateBytesKept { get; } = options.StateBytesKept;

    /// <summary>See <see cref="ZabNodeOptions.ChangesKept"/>.</summary>
    public int ChangesKept { get; } = options.ChangesKept;

    /// <summary>See <see cref="ZabNodeOptions.ChangeBytesKept"/>.</summary>
    public int ChangeBytesKept { get; } = options.ChangeBytesKept;
}
