using Zab.Testing.Simulation;

namespace Zab.Cli.Sim;

/// <summary><c>zab sim --mutations</c>: plants each known bug in turn, and looks for the first seed that
/// catches it.</summary>
internal sealed class MutationHunt(SimHost host, SimRequest request, ISimOutput output)
{
    private readonly SeedRunner _healthy = new(host, request.Options, 1, mutation: null);

    /// <summary>Goes through all bugs, or until <paramref name="stop"/>.</summary>
    public Verdict Run(CancellationToken stop)
    {
        List<long?> seedsToDetection = [];
        foreach ((string id, string title) in host.Mutations)
        {
            long? seeds = Find(id, stop, out string? check);
            if (seeds is null && stop.IsCancellationRequested)
            {
                break;
            }

            seedsToDetection.Add(seeds);
            output.Line(seeds is null
                ? $"{id} {title}: not caught in {request.SeedsPerMutationMax} seeds"
                : $"{id} {title}: {check} after {seeds} seeds");
        }

        return Verdict.OfMutations(seedsToDetection, seedsToDetection.Count < host.Mutations.Count);
    }

    /// <summary>How many seeds it takes: up to the smallest one that fails with the bug, and does not fail
    /// without it.</summary>
    private long? Find(string id, CancellationToken stop, out string? check)
    {
        long seeds = 0;
        SeedRunner runner = new(host, request.Options, request.Threads, id);
        foreach (SimulationResult result in runner.InOrder(request.Start, request.SeedsPerMutationMax, stop))
        {
            seeds++;
            output.Progress(id, seeds, request.SeedsPerMutationMax);
            if (result.Violation is null)
            {
                continue;
            }

            SimulationResult healthy = _healthy.InOrder(result.Seed, 1, CancellationToken.None).Single();
            if (healthy.Violation is null)
            {
                check = result.Violation.Split(':')[0];
                return seeds;
            }

            output.Note($"seed {result.Seed} fails without {id} too: {healthy.Violation}");
        }

        check = null;
        return null;
    }
}
