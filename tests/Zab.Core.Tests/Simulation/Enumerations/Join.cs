using Zab.Core.Messages;
using Zab.Testing.Simulation;

namespace Zab.Core.Tests.Simulation.Enumerations;

/// <summary>A way in which a server comes to the history of an epoch.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Joiner">Who comes.</param>
/// <param name="Settings">How the ensemble is set up.</param>
/// <param name="Modes">The messages that show that it came in this way.</param>
/// <param name="Prepare">What was before.</param>
/// <param name="Run">How it comes, and writes afterwards.</param>
internal sealed record Join(
    string Name, int Joiner, WorldSettings Settings, MessageType[] Modes, Action<ScriptedRun> Prepare, Action<ScriptedRun> Run)
{
    private static readonly WorldSettings s_three = ScriptedRun.Settings(voters: 3);

    private static readonly WorldSettings s_tinyWindow = s_three with { HistoryEntriesMax = 2, SnapshotEvery = 3 };

    private static readonly WorldSettings s_snapshots = s_three with { HistoryEntriesMax = 8, SnapshotEvery = 3 };

    private static readonly Join[] s_all =
    [
        new("diff", 1, s_three, [MessageType.Diff], run => Lag(run, 1, 3), run => Come(run, 1)),
        new("trunc", 3, s_three, [MessageType.Trunc], run => LeaveTail(run, 2), run => Come(run, 3)),
        new("snap", 1, s_tinyWindow, [MessageType.Snap], run => Lag(run, 1, 10), run => Come(run, 1)),
        new("snap-over-tail", 3, s_tinyWindow, [MessageType.Snap], run => LeaveTail(run, 10), run => Come(run, 3)),
        new("fresh", 1, s_three, [MessageType.Diff], run => BeWithout(run, 1, 3), run => Come(run, 1)),
        new("fresh-snap", 1, s_tinyWindow, [MessageType.Snap], run => BeWithout(run, 1, 10), run => Come(run, 1)),
        new("lead", 2, s_three, [], Lead, run => TakeOver(run, 2)),
        new("diff-and-snapshots", 1, s_snapshots, [MessageType.Diff], run => Lag(run, 1, 1), run => Come(run, 1)),
        new("trunc-and-snapshots", 3, s_snapshots, [MessageType.Trunc], run => LeaveTail(run, 1), run => Come(run, 3)),
        new("lead-and-snapshots", 2, s_snapshots, [], Lead, run => TakeOver(run, 2)),
        new("big-diff-and-snapshots", 1, s_snapshots, [MessageType.Diff], run => BigLag(run, 1, 1), run => Come(run, 1)),
    ];

    /// <summary>Whether a purge deletes something.</summary>
    public bool Purges => Settings.SnapshotEvery < 10;

    public static IEnumerable<string> Names => s_all.Select(join => join.Name);

    public static Join Named(string name) => s_all.Single(join => join.Name == name);

    /// <summary>The joiner is down, and the others write.</summary>
    private static void Lag(ScriptedRun run, int joiner, int entries)
    {
        run.StartAll();
        run.Write(run.Leader, 2);
        run.RunUntilServing(run[joiner]);
        run.Crash(run[joiner]);
        run.Write(run.Leader, entries);
    }

    /// <summary>The joiner led, and has entries of its own.</summary>
    private static void LeaveTail(ScriptedRun run, int entries)
    {
        run.StartAll();
        Assert.Equal(run[3], run.Leader);
        run.Write(run.Leader, 2);
        run.LeaveWithTail(run[3], 2);
        run.Write(run.Leader, entries);
    }

    /// <summary>The joiner has never been there.</summary>
    private static void BeWithout(ScriptedRun run, int joiner, int entries)
    {
        SimulatedServer[] others = [.. run.But(run[joiner])];
        run.Start(others);
        run.RunUntilServing(others);
        run.Write(run.Leader, entries);
    }

    /// <summary>Few writes fill a segment of the log; the state stays small.</summary>
    private static void BigLag(ScriptedRun run, int joiner, int entries)
    {
        (run.DataBytes, run.NodesMax) = (5_000, 1);
        Lag(run, joiner, entries);
    }

    private static void Lead(ScriptedRun run)
    {
        run.StartAll();
        Assert.Equal(run[3], run.Leader);
        run.Write(run.Leader, 3);
        run.RunUntilServing(run[1], run[2]);
    }

    private static void Come(ScriptedRun run, int joiner)
    {
        run.Start(run[joiner]);
        run.RunUntilServing(run[joiner]);
        run.Write(run.Leader, 6);
        run.RunUntilServing(run[joiner]);
        run.Run(50);
    }

    private static void TakeOver(ScriptedRun run, int joiner)
    {
        run.Crash(run[3]);
        run.RunUntil(() => run.World.Leader == run[joiner], $"server {joiner} leads");
        run.Write(run[joiner], 6);
        run.Start(run[3]);
        run.RunUntilServing([.. run.World.Servers]);
        run.Run(50);
    }
}
