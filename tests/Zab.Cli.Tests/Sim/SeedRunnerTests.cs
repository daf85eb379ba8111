using Zab.Cli.Sim;
using Zab.Testing.Simulation;

namespace Zab.Cli.Tests.Sim;

public sealed class SeedRunnerTests
{
    [Fact]
    public void Results_come_in_the_order_of_the_seeds()
    {
        SimHost host = new MadeUpSimulator((_, _) => null).Host();

        ulong[] seeds =
        [
            .. new SeedRunner(host, new SimulationOptions(), threads: 4, mutation: null)
                .InOrder(100, 500, CancellationToken.None).Select(result => result.Seed),
        ];

        Assert.Equal(Enumerable.Range(100, 500).Select(seed => (ulong)seed), seeds);
    }

    [Fact]
    public void What_was_begun_when_it_was_stopped_is_told_without_a_gap()
    {
        using CancellationTokenSource stop = new();
        SimHost host = new MadeUpSimulator((_, _) => null).Host();
        List<ulong> seeds = [];

        foreach (SimulationResult result in new SeedRunner(host, new SimulationOptions(), 3, mutation: null)
            .InOrder(1, 1_000_000, stop.Token))
        {
            seeds.Add(result.Seed);
            if (seeds.Count == 20)
            {
                stop.Cancel();
            }
        }

        Assert.InRange(seeds.Count, 20, 20 + (3 * 16));
        Assert.Equal(Enumerable.Range(1, seeds.Count).Select(seed => (ulong)seed), seeds);
    }
}
