using Zab.Core.Primitives;
using Zab.Testing.Simulation;
using Zab.Testing.Simulation.Clients;

namespace Zab.Core.Tests.Simulation;

/// <summary>The bounds of the liveness phase: what is merely slow is let be, what stands still is not.</summary>
public sealed class LivenessPhaseTests
{
    /// <summary>With one entry under way, and clients that write as fast as entries come through, what a learner missed takes longer than a join: more than
    /// 300 entries at 150 ms each.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_learner_far_behind_a_window_of_one_entry_has_the_time_that_it_takes(ulong seed)
    {
        (World world, LivenessPhase phase) = NewWorld(seed);
        SimulatedServer behind = world.Servers.Last();
        Assert.InRange(world.Leader!.Replica!.Log.Last.Zxid.Counter - behind.Replica!.Log.Last.Zxid.Counter, 300u, 1_000u);

        phase.Run();

        Assert.All(world.Servers, server => Assert.True(server.Replica!.Status.IsServing));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_learner_whose_disk_stands_still_is_found_whatever_the_window(ulong seed)
    {
        (World world, LivenessPhase phase) = NewWorld(seed);
        SimulatedServer behind = world.Servers.Last();
        Hang();

        ViolationException violation = Assert.Throws<ViolationException>(phase.Run);

        Assert.Matches("^L3: .* does not serve|^L5: .* does not catch up", violation.Message);

        void Hang()
        {
            behind.IsDiskHung = true;
            world.PlanClient(10_000, (Action)Hang);
        }
    }

    /// <summary>An ensemble with a window of one entry, and an observer that has heard nothing for two minutes.</summary>
    private static (World World, LivenessPhase Phase) NewWorld(ulong seed)
    {
        WorldSettings settings = new()
        {
            Voters = 3,
            Observers = 1,
            FlushUs = (50_000, 100_000),
            Roles = WorldSettings.DefaultRoles with { InFlightEntriesMax = 1 },
        };
        Prng prng = new(seed);
        World world = new(settings, prng, new EventTrace(isKept: false));
        foreach (SimulatedServer server in world.Servers)
        {
            Assert.True(world.Start(server));
        }

        world.RunUntil(5_000_000);
        Assert.All(world.Servers, server => Assert.True(server.Replica!.Status.IsServing));
        foreach (SimulatedServer server in world.Servers.SkipLast(1))
        {
            world.Cut(server, world.Servers.Last(), noticed: true);
        }

        ClientCrowd clients = new(world, prng, count: 7);
        world.RunUntil(125_000_000);
        return (world, new LivenessPhase(world, prng, clients));
    }
}
