using Zab.Core.Ports;
using Zab.Testing.Simulation;

namespace Zab.Core.Tests.Simulation.Enumerations;

/// <summary>Every link of a quorum dies after so many frames: nothing is lost, and there is progress once they are enough for a sync (row
/// N10 of the catalogue of faults).</summary>
public sealed class ResetStormTests
{
    private const int FramesMax = 60;
    private const int StormMs = 10_000;
    private const int FramesOfSync = 12; // the handshake, a few entries, and an acknowledgement of each
    private const int CommitsMin = 8;
    private const int EpochsMax = 20;

    [Theory]
    [InlineData(3, 1_000)]
    [InlineData(3, 2)]
    [InlineData(5, 1_000)]
    public void A_storm_of_resets_is_safe_and_lets_work_get_done(int voters, int historyEntriesMax)
    {
        WorldSettings settings = ScriptedRun.Settings(voters) with { HistoryEntriesMax = historyEntriesMax, SnapshotEvery = int.Max(3, historyEntriesMax) };
        for (int k = 1; k <= FramesMax; k++)
        {
            int frames = k;
            string name = $"{voters} servers, each link dies after {k} frames, {historyEntriesMax} entries in memory";
            ScriptedRun.Judge(name, settings, (ulong)k, run =>
            {
                long commits = Storm(run, frames);
                int epochs = run.World.Ghost.NewestEpoch;
                run.Finish();
                Assert.True(frames < FramesOfSync || commits >= CommitsMin, $"only {commits} transactions were committed");
                Assert.True(epochs <= EpochsMax, $"{epochs} epochs in {StormMs} ms");
            });
        }
    }

    /// <returns>How many transactions were committed.</returns>
    private static long Storm(ScriptedRun run, int frames)
    {
        run.StartAll();
        run.Write(run.Leader, 3);
        run.Crash(run[1]);
        run.World.OnPacket = Count(run, frames);
        run.Start(run[1]);
        long before = run.World.Ghost.Committed.Count;
        for (int passed = 0; passed < StormMs; passed += 100)
        {
            if (run.World.Leader is { } leader)
            {
                _ = run.Ask(leader);
            }

            run.Run(100);
        }

        return run.World.Ghost.Committed.Count - before;
    }

    private static Action<SimulatedLink.Wire, Core.Messages.Message> Count(ScriptedRun run, int frames)
    {
        Dictionary<SimulatedLink, int> counts = [];
        return (wire, _) =>
        {
            if (wire.Owner.Kind == LinkKind.Quorum)
            {
                int count = counts.GetValueOrDefault(wire.Owner) + 1;
                counts[wire.Owner] = count;
                if (count > frames)
                {
                    run.World.BreakLink(wire.Owner, "reset");
                }
            }
        };
    }
}
