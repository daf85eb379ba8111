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
    int LargeIn = 20)
{
    private static readonly WorkloadProfile[] s_all =
    [
        new("register", Create: 6, 0, 0, Delete: 2, Set: 50, Read: 30, 10, Watch: 0, Sync: 10, Odd: 1),
        new("presence", Create: 8, 30, 0, Delete: 14, Set: 4, Read: 30, 3, Watch: 4, Sync: 4, Odd: 1),
        new("watches", Create: 16, 8, 2, Delete: 18, Set: 16, Read: 24, 2, Watch: 16, Sync: 2, Odd: 1),
        new("queue", Create: 6, 0, 34, Delete: 28, Set: 2, Read: 24, 4, Watch: 2, Sync: 4, Odd: 1),
        new("bulk", Create: 20, 4, 4, Delete: 10, Set: 50, Read: 10, 4, Watch: 2, Sync: 2, 1, LargeIn: 2),
        new("mixed", Create: 14, 10, 10, Delete: 16, Set: 16, Read: 24, 3, Watch: 6, Sync: 6, Odd: 4),
    ];

    /// <summary>All profiles.</summary>
    public static IReadOnlyList<WorkloadProfile> All => s_all;

    /// <summary>All numbers together.</summary>
    public int Total => Create + Ephemeral + Sequential + Delete + Set + Read + Watch + Sync + Odd;

    /// <summary>Draws one of the profiles.</summary>
    public static WorkloadProfile Draw(Prng prng) => s_all[prng.Below(s_all.Length)];
}
