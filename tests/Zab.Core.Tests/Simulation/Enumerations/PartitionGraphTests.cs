using Zab.Testing.Simulation;

namespace Zab.Core.Tests.Simulation.Enumerations;

/// <summary>Every way in which servers can fail to hear each other: where a quorum is fully and mutually linked, somebody leads, and goes on
/// to lead; everywhere, nothing is lost (rows N4 and N5 of the catalogue of faults).</summary>
public sealed class PartitionGraphTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private const int QuietMs = 20_000;

    [Theory]
    [InlineData(0, false)]
    [InlineData(20, false)]
    [InlineData(215, false)]
    [InlineData(1_000, false)]
    [InlineData(1_000, true)]
    [InlineData(1_003, true)]
    public void Three_servers_bear_every_directed_graph(int cutAtMs, bool isLagging) => Bear(
        3, cutAtMs, isLagging, [.. from a in Servers(3) from b in Servers(3) where a != b select (a, b)], isDirected: true, 0, 64);

    [Theory]
    [InlineData(0)]
    [InlineData(256)]
    [InlineData(512)]
    [InlineData(768)]
    public void Five_servers_bear_every_undirected_graph(int first) => Bear(
        5, 1_000, false, [.. from a in Servers(5) from b in Servers(5) where a < b select (a, b)], isDirected: false, first, 256);

    private static IEnumerable<int> Servers(int count) => Enumerable.Range(1, count);

    private void Bear(int voters, int cutAtMs, bool isLagging, (int From, int To)[] edges, bool isDirected, int first, int count)
    {
        int live = 0;
        for (int graph = first; graph < first + count; graph++)
        {
            (int From, int To)[] missing = [.. edges.Where((_, index) => ((graph >> index) & 1) == 0)];
            int[][] cores = [.. LinkedQuorums(voters, missing)];
            string name = $"{voters} servers, cut after {cutAtMs} ms{(isLagging ? ", one lags" : "")}, without "
                + string.Join(' ', missing.Select(edge => $"{edge.From}{(isDirected ? '→' : '-')}{edge.To}"));
            ScriptedRun.Judge(name, ScriptedRun.Settings(voters), seed: 1, run =>
            {
                Begin(run, cutAtMs, isLagging);
                foreach ((int from, int to) in missing)
                {
                    run.World.CutOneWay(run[from], run[to]);
                    if (!isDirected)
                    {
                        run.World.CutOneWay(run[to], run[from]);
                    }
                }

                run.Start([.. run.World.Servers]);
                if (cores.Length > 0)
                {
                    StayLed(run, cores);
                }
                else
                {
                    run.Run(QuietMs);
                }

                run.Finish();
            });
            live += cores.Length > 0 ? 1 : 0;
        }

        output.WriteLine($"{count} graphs, {live} with a linked quorum");
        Assert.True(live > 0);
    }

    private static void Begin(ScriptedRun run, int cutAtMs, bool isLagging)
    {
        if (isLagging)
        {
            run.StartAll();
            run.Write(run.Leader, 2);
            SimulatedServer lagging = run.Leader;
            run.Crash(lagging);
            run.RunUntilServing([.. run.But(lagging)]);
            run.Write(run.Leader, 2);
            run.Start(lagging);
        }
        else if (cutAtMs > 0)
        {
            run.Start([.. run.World.Servers]);
        }

        run.Run(cutAtMs);
    }

    /// <summary>There is a leader in time (L1), it takes writes (L2), and nobody else leads after it (L4).</summary>
    private static void StayLed(ScriptedRun run, int[][] cores)
    {
        run.Run(4_000); // who leads nobody any more has noticed it
        run.RunUntil(() => IsLed(run) || !Array.Exists(cores, core => MayDecide(run, core)), "a linked quorum has a leader");
        if (!IsLed(run))
        {
            return;
        }

        SimulatedServer leader = run.Leader;
        int epoch = run.World.Ghost.NewestEpoch;
        for (int quiet = 0; quiet < QuietMs; quiet += 1_000)
        {
            run.Write(leader, 1);
            run.Run(1_000);
            if (run.World.Leader != leader || run.World.Ghost.NewestEpoch != epoch || !IsLed(run))
            {
                throw new ViolationException($"L4: the leadership changed from server {leader.Id} of epoch {epoch}: {run.Describe()}");
            }
        }
    }

    /// <summary>Whether the rules let servers decide: those that never joined may have lost their disks, and count only together with all
    /// (R17).</summary>
    private static bool MayDecide(ScriptedRun run, int[] core)
    {
        int joined = core.Count(id => run.World.Ghost[new(id)].Durable.Epochs.Current > 0);
        return core.Length == run.World.Servers.Count || joined == core.Length
            || run.World.Servers.All(server => run.World.Ghost[server.Id].Durable.Epochs.Current == 0);
    }

    /// <summary>Whether a leader has a quorum: one that is linked to it alone will do.</summary>
    private static bool IsLed(ScriptedRun run) =>
        run.World.Leader is { } leader && 2 * run.World.Servers.Count(
            server => ScriptedRun.Serves(server) && server.Replica!.Status.Leader == leader.Id) > run.World.Servers.Count;

    private static IEnumerable<int[]> LinkedQuorums(int servers, (int From, int To)[] missing)
    {
        for (int set = 0; set < 1 << servers; set++)
        {
            int[] members = [.. Servers(servers).Where(id => ((set >> (id - 1)) & 1) != 0)];
            if (2 * members.Length > servers
                && !Array.Exists(missing, edge => members.Contains(edge.From) && members.Contains(edge.To)))
            {
                yield return members;
            }
        }
    }
}
