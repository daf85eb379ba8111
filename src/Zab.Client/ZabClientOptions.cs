using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Zab.Client;

/// <summary>How a session is opened over a connection.</summary>
public sealed record ZabClientOptions
{
    private const int BytesMin = 1024;
    private const int ReplyBytesLimit = 1024 * 1024 * 1024;

    /// <summary>How long the session shall live on when its client is not heard of. More than 0; the ensemble
    /// brings it within its bounds.</summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest request in bytes, all of it (ZooKeeper's <c>jute.maxbuffer</c>): servers drop a
    /// connection that brings a longer one. One more fails with <see cref="RequestTooLargeException"/>. 1,024
    /// or more.</summary>
    public int RequestBytesMax { get; init; } = (1024 * 1024) - 1;

    /// <summary>The longest reply in bytes, such as a long list of children. A connection that brings a
    /// longer
    /// one is lost. From 1,024 to 1 GiB.</summary>
    public int ReplyBytesMax { get; init; } = 64 * 1024 * 1024;

    /// <summary>How many requests may be sent and not answered. Those beyond wait for their turn. 1 or
    /// more.</summary>
    public int RequestsInFlightMax { get; init; } = 1000;

    /// <summary>How many requests may be unanswered, those that wait among them. One more fails with
    /// <see cref="RequestThrottledException"/>. 1 or more.</summary>
    public int SessionRequestsMax { get; init; } = 10_000;

    /// <summary>How many watches the session may have. One more fails with
    /// <see cref="TooManyWatchesException"/>. 1 or more.</summary>
    public int SessionWatchesMax { get; init; } = 100_000;

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where the client logs to; nowhere when not set.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>The seed of every random choice, the order of the servers among them, for a test that must
    /// repeat; a random one when null.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Checks the bounds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of them.</exception>
    internal void Validate()
    {
        Within(SessionTimeout.TotalMilliseconds, 1, int.MaxValue, nameof(SessionTimeout));
        Within(RequestBytesMax, BytesMin, int.MaxValue, nameof(RequestBytesMax));
        Within(ReplyBytesMax, BytesMin, ReplyBytesLimit, nameof(ReplyBytesMax));
        Within(RequestsInFlightMax, 1, int.MaxValue, nameof(RequestsInFlightMax));
        Within(SessionRequestsMax, 1, int.MaxValue, nameof(SessionRequestsMax));
        Within(SessionWatchesMax, 1, int.MaxValue, nameof(SessionWatchesMax));
        ArgumentNullException.ThrowIfNull(TimeProvider);
        ArgumentNullException.ThrowIfNull(LoggerFactory);
    }

    private static void Within(double value, double min, double max, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, min, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, max, name);
    }
}
