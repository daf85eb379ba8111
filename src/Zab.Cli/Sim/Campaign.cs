using System.Globalization;
using Zab.Testing.Simulation;

namespace Zab.Cli.Sim;

/// <summary><c>zab sim</c>: runs many seeds, and shows those that fail.</summary>
internal sealed class Campaign(SimHost host, SimRequest request, ISimOutput output)
{
    private readonly SeedRunner _runner = new(host, request.Options, request.Threads, request.Mutation);

    /// <summary>Runs until all is done, enough has failed, or <paramref name="stop"/>.</summary>
    public Verdict Run(CancellationToken stop)
    {
        TimeSpan processorBefore = Environment.CpuUsage.TotalTime;
        TimeSpan simulated = TimeSpan.Zero;
        long seeds = 0;
        long violations = 0;
        foreach (SimulationResult result in _runner.InOrder(request.Start, request.Seeds, stop))
        {
            seeds++;
            simulated += result.Simulated;
            if (result.Violation is not null)
            {
                violations++;
                ShowFailure(result);
            }
            else if (request.Trace)
            {
                output.Line($"seed {result.Seed}: no violation");
                ShowTrace(_runner.Trace(result.Seed));
            }

            output.Progress($"seeds ({violations} violations)", seeds, request.Seeds);
            if (violations == request.FailuresMax && seeds < request.Seeds)
            {
                output.Note($"stopped after {violations} violations (--max-failures)");
                break;
            }
        }

        TimeSpan processor = Environment.CpuUsage.TotalTime - processorBefore;
        bool isStopped = stop.IsCancellationRequested && seeds < request.Seeds;
        return Verdict.OfSeeds(seeds, violations, simulated, processor, isStopped);
    }

    private void ShowFailure(SimulationResult result)
    {
        string when = result.Simulated.TotalSeconds.ToString("F3", CultureInfo.InvariantCulture);
        output.Line($"seed {result.Seed}: {result.Violation}");
        output.Line($"at step {result.Steps}, after {when} simulated seconds");
        SimulationResult again = _runner.Trace(result.Seed);
        if (again.Violation != result.Violation || again.TraceHash != result.TraceHash)
        {
            output.Line("a second run of this seed went another way: the simulation is not deterministic");
        }

        ShowTrace(again);
        string servers = request.Servers is { } voters ? $" --servers {voters}" : "";
        string observers = request.Observers is { } count ? $" --observers {count}" : "";
        string mutation = request.Mutation is { } id ? $" --mutation {id}" : "";
        string options = $"{servers}{observers}{mutation}";
        output.Line($"to see it again: zab sim --start {result.Seed} --seeds 1{options}");
    }

    private void ShowTrace(SimulationResult result)
    {
        foreach (string line in result.Trace)
        {
            output.Line($"  {line}");
        }
    }
}
