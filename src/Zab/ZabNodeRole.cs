namespace Zab;

/// <summary>What a node is doing.</summary>
public enum ZabNodeRole
{
    /// <summary>It looks for a leader, and serves no client.</summary>
    Looking = 1,

    /// <summary>It leads, or is about to: <see cref="ZabNodeStatus.IsServing"/> tells.</summary>
    Leader = 2,

    /// <summary>It votes and follows a leader.</summary>
    Follower = 3,

    /// <summary>It follows a leader without a vote.</summary>
    Observer = 4,

    /// <summary>It was stopped. Nothing follows.</summary>
    Stopped = 5,

    /// <summary>It stopped itself, as it could not go on safely. Nothing follows.</summary>
    Failed = 6,
}
