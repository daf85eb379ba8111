using Zab.Core.Primitives;

namespace Zab.Testing.Simulation.Clients;

/// <summary>How often each kind of request is made. The numbers are relative.</summary>
/// <param name="Name">What it resembles, for people.</param>
/// <param name="Create">Plain nodes.</param>
/// <param name="Ephemeral">Ephemeral nodes.</param>
/// <param name="Sequential">Sequential nodes, every third of them ephemeral.</param>
/// <param name="Delete">Deletes.</param>
/// <param name="Set">Sets of data, with and without a version.</param>
/// <param name="Read">Reads.</param>
/// <param name="WatchedReadIn">Out of so many reads one leaves a watch.</param>
/// <param name="Watch">Persistent watches, added and removed.</param>
/// <param name="Sync">Barriers.</param>
/// <param name="Odd">Requests that nobody in his right mind makes.</param>
/// <param name="LargeIn">Out of so many values one is large, so that files fill up.</param>
/// <param name="Acl">Permissions, set and read. Where there are any, new nodes get some too.</param>
/// <param name="Multi">Several operations at once, writes or reads.</param>
/// <param name="Life">Containers, and nodes with a time to live.</param>
/// <param name="Quota">Quotas, their limits and what is used of them.</param>
/// <param name="Ask">What else there is to ask: who one is, what one owns and watches, how much there
/// is.</param>
internal sealed record WorkloadProfile(
    string Name,
    int Create,
    int Ephemeral,
    int Sequential,
    int Delete,
    int Set,
    int Read,
    int WatchedReadIn,
    int Watch,
    int Sync,
    int Odd,
    int LargeIn = 20,
    int Acl = 0,
    int Multi = 0,
    int Life = 0,
    int Quota = 0,
    int Ask = 2)
{
    private static readonly WorkloadProfile[] s_all =
    [
        new("register", Create: 6, 0, 0, Delete: 2, Set: 50, Read: 30, 10, Watch: 0, Sync: 10, Odd: 1),
        new("presence", Create: 8, 30, 0, Delete: 14, Set: 4, Read: 30, 3, Watch: 4, Sync: 4, Odd: 1),
        new("watches", Create: 16, 8, 2, Delete: 18, Set: 16, Read: 24, 2, Watch: 16, 2, 1, Acl: 2, Ask: 8),
        new("queue", Create: 6, 0, 34, Delete: 28, Set: 2, Read: 24, 4, Watch: 2, Sync: 4, Odd: 1, Multi: 2),
        new("bulk", Create: 20, 4, 4, Delete: 10, Set: 50, Read: 10, 4, Watch: 2, Sync: 2, 1, LargeIn: 2),
        new("mixed", 14, 10, 10, 16, 16, 24, 3, 6, 6, 4, 20, Acl: 6, Multi: 10, Life: 6, Quota: 4, Ask: 10),
        new("access", Create: 20, 6, 4, Delete: 12, Set: 14, Read: 20, 3, 6, 2, 2, 20, Acl: 24, Ask: 10),
        new("batches", Create: 8, 4, 4, Delete: 8, Set: 8, Read: 10, 4, 6, 4, 2, 20, 4, Multi: 50),
        new("lifetimes", Create: 16, 2, 4, Delete: 20, Set: 10, Read: 14, 4, 6, 2, 2, 20, 0, 6, Life: 30),
        new("quotas", Create: 24, 4, 8, Delete: 12, Set: 20, Read: 6, 6, 2, 2, 2, 20, 0, 8, 4, Quota: 20),
    ];

    /// <summary>All profiles.</summary>
    public static IReadOnlyList<WorkloadProfile> All => s_all;

    /// <summary>All numbers together.</summary>
    public int Total => Create + Ephemeral + Sequential + Delete + Set + Read + Watch + Sync + Odd
        + Acl + Multi + Life + Quota + Ask;

    /// <summary>Draws one of the profiles.</summary>
    public static WorkloadProfile Draw(Prng prng) => s_all[prng.Below(s_all.Length)];
}
