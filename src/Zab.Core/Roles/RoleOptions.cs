using Zab.Core.Election;

namespace Zab.Core.Roles;

/// <summary>The times and limits of the roles. Times are in ticks, all at least 1.</summary>
internal sealed record RoleOptions
{
    /// <summary>The times of an election.</summary>
    public required ElectionOptions Election { get; init; }

    /// <summary>How long joining a leader may go without any progress (ZooKeeper's initLimit).</summary>
    public required int InitLimitTicks { get; init; }

    /// <summary>How long a leader and a follower may not hear from each other (ZooKeeper's
    /// syncLimit).</summary>
    public required int SyncLimitTicks { get; init; }

    /// <summary>How often the leader sends a heartbeat.</summary>
    public required int PingTicks { get; init; }

    /// <summary>How long a learner waits before it dials the leader again.</summary>
    public required int RedialTicks { get; init; }

    /// <summary>Entries that may be under way to one learner, and requests from it to its leader.</summary>
    public int InFlightEntriesMax { get; init; } = 16 * 1024;

    /// <summary>Bytes of entries or snapshot that may be under way to one learner, and of requests from it to
    /// its leader.</summary>
    public int InFlightBytesMax { get; init; } = 8 * 1024 * 1024;
}
