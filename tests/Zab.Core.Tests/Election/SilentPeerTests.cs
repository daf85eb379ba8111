using Zab.Core.Tests.Simulation.Enumerations;
using Zab.Testing.Simulation;

namespace Zab.Core.Tests.Election;

/// <summary>A link stays up while nothing comes through it any more: who was heard on it counts only while it is heard (N5, R26).</summary>
public sealed class SilentPeerTests
{
    /// <summary>The deaf server once heard a vote of each of a quorum. Its history is the longest, so the others would vote for it if it
    /// still said that it hears a quorum; it votes for the old leader, which they do not hear.</summary>
    [Fact]
    public void A_server_that_has_become_deaf_does_not_keep_the_votes_of_a_linked_quorum() => ScriptedRun.Judge(
        nameof(SilentPeerTests), ScriptedRun.Settings(voters: 5), seed: 1, run =>
        {
            run.StartAll();
            run.Write(run.Leader, 2);
            SimulatedServer leader = run.Leader;
            SimulatedServer deaf = run.But(leader).First();
            SimulatedServer late = run.But(leader, deaf).First();
            run.Crash(late);
            Cut(run, leader, late);
            Cut(run, late, leader);
            run.Start(late);
            run.Run(1_000); // the deaf server to be hears it look for a leader

            foreach (SimulatedServer other in run.But(leader, deaf))
            {
                Cut(run, other, deaf);
                Cut(run, leader, other);
            }

            run.Ask(leader);
            run.Run(100);
            Assert.True(deaf.Replica!.Log.Last.Zxid > late.Replica!.Log.Last.Zxid);

            run.RunUntil(
                () => run.World.Leader is { } elected && elected != leader && elected != deaf, "a linked quorum has a leader");
        });

    private static void Cut(ScriptedRun run, SimulatedServer from, SimulatedServer to) => run.World.CutOneWay(from, to);
}
