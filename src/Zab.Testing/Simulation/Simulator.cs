using System.Diagnostics.CodeAnalysis;
using Zab.Core.Primitives;
using Zab.Testing.Simulation.Clients;
using Zab.Testing.Simulation.Faults;

namespace Zab.Testing.Simulation;

/// <summary>A whole ensemble in virtual time on one thread: the same seed gives the same run.</summary>
internal static class Simulator
{
    private const long FaultsLimitUs = 600_000_000;

    /// <summary>Runs one seed to its end, or to the first check that is violated. Never throws for a
    /// violation.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever stops a server is a finding (R20).")]
    public static SimulationResult Run(ulong seed, SimulationOptions options)
    {
        EventTrace trace = new(options.Trace);
        World? world = null;
        string? violation = null;
        try
        {
            Prng prng = new(seed);
            world = new World(WorldSettings.Draw(prng, options), prng, trace);
            Run(world, prng);
        }
        catch (ViolationException e)
        {
            violation = e.Message;
        }
        catch (InvariantViolatedException e)
        {
            violation = $"R20: a server stopped itself: {e.Message}";
        }
        catch (Exception e)
        {
            violation = $"R20: a server failed with {e.GetType().Name}: {e.Message}";
            trace.Note(world?.NowUs ?? 0, e.ToString());
        }

        return new SimulationResult
        {
            Seed = seed,
            Violation = violation,
            Steps = world?.Steps ?? 0,
            Simulated = TimeSpan.FromMicroseconds(world?.NowUs ?? 0),
            TraceHash = trace.Hash,
            Trace = trace.Lines,
        };
    }

    private static void Run(World world, Prng prng)
    {
        ClientCrowd clients = new(world, prng, count: 2 + prng.Below(6));
        FaultPlan plan = new(world, prng, clients);
        for (int shadows = 0; !plan.IsOver && world.NowUs < FaultsLimitUs; shadows++)
        {
            world.RunUntil(world.NowUs + 250_000);
            if (shadows % 16 == 15)
            {
                CheckShadows(world);
            }
        }

        new LivenessPhase(world, prng, clients).Run();
    }

    /// <summary>Now and then, each server's disk is recovered aside, as if the power had just gone
    /// (S19).</summary>
    private static void CheckShadows(World world)
    {
        foreach (SimulatedServer server in world.Servers)
        {
            if (server is { Replica: not null, IsDiskDamaged: false })
            {
                world.CheckShadow(server);
            }
        }
    }
}
