namespace Zab.Sessions;

/// <summary>How much the sessions of a node may take, and what the node keeps for them. Checked by
/// <see cref="ZabNodeOptions.Validate"/>.</summary>
internal sealed class SessionLimits
{
    /// <summary>The limits that stand in the options of a node.</summary>
    public SessionLimits(ZabNodeOptions options)
    {
        RequestBytesMax = options.RequestBytesMax;
        RequestsMax = options.RequestsMax;
        SessionRequestsMax = options.SessionRequestsMax;
        SessionWatchesMax = options.SessionWatchesMax;
        StatesKept = options.StatesKept;
        StateTransactionsKept = options.StateTransactionsKept;
        StateBytesKept = options.StateBytesKept;
        ChangesKept = options.ChangesKept;
        ChangeBytesKept = options.ChangeBytesKept;
    }

    /// <summary>The limits of a session at the other end of a connection: nothing is kept for it
    /// here.</summary>
    public SessionLimits(int requestBytesMax, int requestsMax, int watchesMax) =>
        (RequestBytesMax, RequestsMax, SessionRequestsMax, SessionWatchesMax) =
            (requestBytesMax, requestsMax, requestsMax, watchesMax);

    /// <summary>See <see cref="ZabNodeOptions.RequestBytesMax"/>.</summary>
    public int RequestBytesMax { get; }

    /// <summary>See <see cref="ZabNodeOptions.RequestsMax"/>.</summary>
    public int RequestsMax { get; }

    /// <summary>See <see cref="ZabNodeOptions.SessionRequestsMax"/>.</summary>
    public int SessionRequestsMax { get; }

    /// <summary>See <see cref="ZabNodeOptions.SessionWatchesMax"/>.</summary>
    public int SessionWatchesMax { get; }

    /// <summary>See <see cref="ZabNodeOptions.StatesKept"/>.</summary>
    public int StatesKept { get; }

    /// <summary>See <see cref="ZabNodeOptions.StateTransactionsKept"/>.</summary>
    public int StateTransactionsKept { get; }

    /// <summary>See <see cref="ZabNodeOptions.StateBytesKept"/>.</summary>
    public int StateBytesKept { get; }

    /// <summary>See <see cref="ZabNodeOptions.ChangesKept"/>.</summary>
    public int ChangesKept { get; }

    /// <summary>See <see cref="ZabNodeOptions.ChangeBytesKept"/>.</summary>
    public int ChangeBytesKept { get; }
}
