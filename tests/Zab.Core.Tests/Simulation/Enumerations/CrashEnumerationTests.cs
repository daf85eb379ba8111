using Zab.Core.Messages;
using Zab.Testing.Simulation;
using Zab.Testing.Simulation.Disks;

namespace Zab.Core.Tests.Simulation.Enumerations;

/// <summary>A server that loses its power in any storage operation of a join, or of the recovery after it: the ensemble comes to one state,
/// with everything that was acknowledged (rows D15, D16, D24 and P4 of the catalogue of faults).</summary>
public sealed class CrashEnumerationTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private const int DepthMax = 3;

    public static TheoryData<string> Joins => [.. Join.Names];

    [Theory]
    [MemberData(nameof(Joins))]
    public void A_crash_in_any_storage_operation_of_a_join_loses_nothing(string name)
    {
        Join join = Join.Named(name);
        int cases = 0;
        foreach (CrashImage image in CrashImage.All)
        {
            int operations = CountOperations(join, image.Seed);
            for (int k = 1; k <= operations; k++)
            {
                foreach (bool withLeader in (bool[])[false, true])
                {
                    string what = $"{name}, power lost in operation {k} of {operations}, {image}, "
                        + (withLeader ? "with the leader" : "alone");
                    ScriptedRun.Judge(what, join.Settings, image.Seed, run => CrashOnce(run, join, k, image.Loss, withLeader));
                    cases++;
                }
            }
        }

        output.WriteLine($"{cases} cases");
        Assert.True(cases > 100, $"only {cases} cases");
    }

    [Theory]
    [MemberData(nameof(Joins))]
    public void A_crash_in_any_storage_operation_of_a_recovery_loses_nothing(string name)
    {
        Join join = Join.Named(name);
        int cases = 0;
        int operations = CountOperations(join, seed: 1);
        for (int k = 1; k <= operations; k++)
        {
            CrashImage image = CrashImage.Of(k);
            bool any = true;
            for (int first = 1; any; first++)
            {
                int[] crashes = [first, 1 + ((k + first) % 4), 1 + (k % 2)];
                string what = $"{name}, power lost in operation {k} of {operations}, {image}, and in operations "
                    + $"{string.Join(", ", crashes)} of the recoveries";
                ScriptedRun.Judge(what, join.Settings, 1, run => any = CrashAgain(run, join, k, image.Loss, crashes));
                cases++;
            }
        }

        output.WriteLine($"{cases} cases");
        Assert.True(cases > 50, $"only {cases} cases");
    }

    [Theory]
    [MemberData(nameof(Joins))]
    public void Recoveries_nested_in_each_other_find_what_was_flushed(string name)
    {
        Join join = Join.Named(name);
        int recoveries = 0;
        int operations = CountOperations(join, seed: 1);
        for (int k = 1; k <= operations; k++)
        {
            CrashImage image = CrashImage.Of(k);
            ScriptedRun.Judge($"{name}, power lost in operation {k} of {operations}, {image}", join.Settings, 1, run =>
            {
                SimulatedServer joiner = CrashIn(run, join, k, image.Loss);
                recoveries += Recover(run, joiner, joiner.Disk, k, []);
            });
        }

        output.WriteLine($"{recoveries} recoveries");
        Assert.True(recoveries > 100, $"only {recoveries} recoveries");
    }

    /// <summary>Recovers a disk, with a loss of power in each operation, and the same for what that leaves.</summary>
    /// <returns>How many recoveries there were.</returns>
    private static int Recover(ScriptedRun run, SimulatedServer server, SimulatedDisk disk, int coins, int[] crashes)
    {
        int recoveries = 1;
        run.World.Trace.Note(run.World.NowUs, $"recovers after a loss of power in operations {string.Join(", ", crashes)} of recoveries");
        run.World.CheckShadow(server, disk.Snapshot());
        for (int j = 1; crashes.Length < DepthMax; j++)
        {
            SimulatedDisk copy = disk.Snapshot();
            copy.PowerLossAt = j;
            if (Record.Exception(() => run.World.CheckShadow(server, copy)) is not PowerLossException)
            {
                break;
            }

            copy.Restart(CrashImage.Of(coins + j).Loss, (ulong)(coins + j));
            recoveries += Recover(run, server, copy, coins + j, [.. crashes, j]);
        }

        return recoveries;
    }

    /// <summary>Counts the storage operations of the joiner, and looks whether it joins in the way that is meant.</summary>
    private static int CountOperations(Join join, ulong seed)
    {
        int operations = 0;
        ScriptedRun.Judge($"{join.Name}, seed {seed}, without a crash", join.Settings, seed, run =>
        {
            List<MessageType> seen = [];
            join.Prepare(run);
            SimulatedServer joiner = run[join.Joiner];
            run.World.OnPacket = (wire, message) => seen.AddRange(wire.To == joiner ? [message.Type] : []);
            int before = joiner.Disk.Operations;
            joiner.Disk.IsTraced = true;
            join.Run(run);
            operations = joiner.Disk.Operations - before;
            Assert.Empty(join.Modes.Except(seen));
            Assert.Equal(join.Purges, joiner.Disk.Trace.Exists(operation => operation.StartsWith("delete ", StringComparison.Ordinal)));
            run.Finish();
        });
        return operations;
    }

    private static void CrashOnce(ScriptedRun run, Join join, int k, PowerLoss loss, bool withLeader)
    {
        SimulatedServer joiner = CrashIn(run, join, k, loss);
        SimulatedServer? leader = withLeader ? run.World.Leader : null;
        if (leader is not null)
        {
            run.Crash(leader);
        }

        run.Start([.. run.World.Servers.Where(server => server != leader)]);
        if (withLeader)
        {
            GoOn(run, joiner);
        }

        run.Finish();
    }

    /// <summary>Loses power in an operation of the join, and then in operations of the recoveries.</summary>
    /// <returns>Whether the first recovery has so many operations.</returns>
    private static bool CrashAgain(ScriptedRun run, Join join, int k, PowerLoss loss, int[] crashes)
    {
        SimulatedServer joiner = CrashIn(run, join, k, loss);
        int lost = 0;
        foreach (int crash in crashes)
        {
            joiner.Disk.PowerLossAt = joiner.Disk.Operations + crash;
            joiner.Loss = CrashImage.Of(k + crash).Loss;
            lost += joiner.Replica is null && !run.World.Start(joiner) ? 1 : 0;
        }

        joiner.Disk.PowerLossAt = 0;
        run.Finish();
        return lost > 0;
    }

    private static SimulatedServer CrashIn(ScriptedRun run, Join join, int k, PowerLoss loss)
    {
        join.Prepare(run);
        SimulatedServer joiner = run[join.Joiner];
        joiner.Loss = loss;
        joiner.Disk.PowerLossAt = joiner.Disk.Operations + k;
        run.Watched = joiner;
        Assert.Throws<WatchedServerEndedException>(() => join.Run(run));
        run.Watched = null;
        return joiner;
    }

    /// <summary>The servers that run elect one of them and write; they cannot while one of them has never joined.</summary>
    private static void GoOn(ScriptedRun run, SimulatedServer joiner)
    {
        if (run.World.Ghost[joiner.Id].Durable.Epochs.Current == 0)
        {
            run.Run(3_000);
            return;
        }

        run.RunUntilServing([.. run.World.Servers.Where(server => server.Replica is not null)]);
        run.Write(run.Leader, 1);
    }
}
