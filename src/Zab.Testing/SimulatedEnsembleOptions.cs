using Zab.Authentication;

namespace Zab.Testing;

/// <summary>What the seed of a simulated ensemble does not decide.</summary>
public sealed record SimulatedEnsembleOptions
{
    /// <summary>How many servers vote: the servers from 1 on. From 1 to 7.</summary>
    public int Voters { get; init; } = 3;

    /// <summary>How many servers only learn: those after the voters. From 0 to 3.</summary>
    public int Observers { get; init; }

    /// <summary>As <see cref="ZabNodeOptions.TickTime"/>, from which session time-outs follow, too.</summary>
    public TimeSpan TickTime { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>As <see cref="ZabNodeOptions.InitLimit"/>.</summary>
    public int InitLimit { get; init; } = 20;

    /// <summary>As <see cref="ZabNodeOptions.SyncLimit"/>.</summary>
    public int SyncLimit { get; init; } = 4;

    /// <summary>As <see cref="ZabNodeOptions.ChangesKept"/>: a few, to see what a reader does with a
    /// gap.</summary>
    public int ChangesKept { get; init; } = 64 * 1024;

    /// <summary>As <see cref="ZabNodeOptions.StatesKept"/>.</summary>
    public int StatesKept { get; init; } = 1024;

    /// <summary>As <see cref="ZabNodeOptions.ContainerCheckInterval"/>.</summary>
    public TimeSpan ContainerCheckInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>As <see cref="ZabNodeOptions.AuthenticationProviders"/>.</summary>
    public IReadOnlyList<IAuthenticationProvider> AuthenticationProviders { get; init; } = [];

    /// <summary>As <see cref="ZabNodeOptions.SuperDigest"/>.</summary>
    public string? SuperDigest { get; init; }

    /// <summary>How much simulated time a scenario may take. One that takes longer waits for something that
    /// never happens, and fails.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Whether the events keep every message and every flush as text, which is slow: for the one
    /// seed that is looked at.</summary>
    public bool Trace { get; init; }

    /// <summary>Whether the scenario runs in a synchronisation context, to which every plain <c>await</c>
    /// comes back.</summary>
    /// <remarks>Set to false for code that awaits with <c>ConfigureAwait(false)</c> what the scenario itself
    /// completes or cancels: with a context in place, .NET would go on with it on the thread pool. Without a
    /// context, on the other hand, whatever completes its waiters asynchronously leaves the thread:
    /// <c>SemaphoreSlim</c>, <c>Channel</c>, <c>PeriodicTimer</c>, <c>Task.Yield</c>.</remarks>
    public bool HasSynchronizationContext { get; init; } = true;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Voters, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Voters, 7);
        ArgumentOutOfRangeException.ThrowIfNegative(Observers);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Observers, 3);
        ArgumentOutOfRangeException.ThrowIfLessThan(TickTime, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(TickTime, TimeSpan.FromHours(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(InitLimit, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(SyncLimit, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(ChangesKept, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(StatesKept);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ContainerCheckInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(TimeLimit, TimeSpan.Zero);
    }
}
