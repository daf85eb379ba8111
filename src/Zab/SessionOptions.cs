using Zab.Core.Access;

namespace Zab;

/// <summary>How a session is opened.</summary>
public sealed record SessionOptions
{
    /// <summary>How long the session shall live on when its node is gone; 20 ticks when null. The leader brings
    /// it within the bounds of its options.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Who the session is from the start: the host, which opens it, vouches for that. Nobody when
    /// empty. <see cref="Identity.Super"/> may do everything.</summary>
    public IReadOnlyList<Identity> Identities { get; init; } = [];
}
