using Zab.Testing.Simulation;

namespace Zab.Cli.Sim;

/// <summary>Runs seeds on several threads, and gives the results in the order of the seeds, so that nothing
/// that is told depends on which thread was quicker.</summary>
/// <param name="host">What runs a seed.</param>
/// <param name="options">What the simulator is told.</param>
/// <param name="threads">How many seeds run at once.</param>
/// <param name="mutation">The bug to plant; null for none.</param>
internal sealed class SeedRunner(SimHost host, SimulationOptions options, int threads, string? mutation)
{
    /// <summary>How many seeds a thread may be ahead of the one that is told next.</summary>
    private const int AheadPerThreadMax = 16;

    /// <summary>Runs one seed again, and keeps its events.</summary>
    public SimulationResult Trace(ulong seed)
    {
        SeedRunner tracing = new(host, options with { Trace = true }, 1, mutation);
        return tracing.InOrder(seed, 1, CancellationToken.None).Single();
    }

    /// <summary>The results of <paramref name="count"/> seeds. Seeds that were begun when
    /// <paramref name="stop"/> came are among them.</summary>
    public IEnumerable<SimulationResult> InOrder(ulong first, long count, CancellationToken stop)
    {
        Work work = new(first, count, threads * AheadPerThreadMax);
        using CancellationTokenRegistration registration = stop.Register(work.Stop);
        Thread[] workers = new Thread[(int)long.Min(threads, count)];
        for (int i = 0; i < workers.Length; i++)
        {
            workers[i] = new Thread(() => Run(work)) { IsBackground = true, Name = $"seeds {i}" };
            workers[i].Start();
        }

        try
        {
            while (work.TryTakeNext(out SimulationResult? result))
            {
                yield return result;
            }
        }
        finally
        {
            work.Stop();
            foreach (Thread worker in workers)
            {
                worker.Join();
            }
        }
    }

    private void Run(Work work)
    {
        host.Plant(mutation);
        while (work.TryClaim(out ulong seed))
        {
            work.Deliver(seed, Run(seed));
        }
    }

    private SimulationResult Run(ulong seed)
    {
        try
        {
            return host.Simulate(seed, options);
        }
#pragma warning disable CA1031 // Whatever it is, it is a finding about this seed, and the other seeds go on.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            string message = exception.Message.Split('\n')[0].TrimEnd();
            return new SimulationResult
            {
                Seed = seed,
                Violation = $"{exception.GetType().Name}: {message}",
                Steps = 0,
                Simulated = TimeSpan.Zero,
                TraceHash = 0,
                Trace = [.. $"{exception}".Split('\n').Select(line => line.TrimEnd())],
            };
        }
    }
}
