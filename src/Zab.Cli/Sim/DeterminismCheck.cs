using Zab.Testing.Simulation;

namespace Zab.Cli.Sim;

/// <summary><c>zab sim --determinism</c>: runs each seed here and in other processes, and compares the
/// traces.</summary>
internal sealed class DeterminismCheck(SimHost host, SimRequest request, ISimOutput output)
{
    private readonly long _seeds = request.Determinism ?? request.Seeds;

    /// <summary>Compares with each of <paramref name="others"/>, which are assemblies of this
    /// command.</summary>
    public Verdict Run(IReadOnlyList<string> others, CancellationToken stop)
    {
        Dictionary<ulong, ulong> hashes = [];
        foreach (SimulationResult result in Results(stop))
        {
            hashes.Add(result.Seed, result.TraceHash);
            output.Progress("this process", hashes.Count, _seeds);
        }

        HashSet<ulong> same = [.. hashes.Keys];
        foreach (string other in others)
        {
            output.Note($"the second process runs {other}");
            Dictionary<ulong, ulong> found = [];
            foreach ((ulong seed, ulong hash) in SecondProcess.Hashes(other, request, _seeds, stop))
            {
                found[seed] = hash;
                output.Progress("second process", found.Count, _seeds);
            }

            foreach ((ulong seed, ulong hash) in hashes)
            {
                bool isKnown = found.TryGetValue(seed, out ulong theirs);
                if (!isKnown || theirs != hash)
                {
                    _ = same.Remove(seed);
                    string there = isKnown ? $"{theirs:x16}" : "nothing";
                    output.Line($"seed {seed}: {hash:x16} here, {there} in {other}");
                }
            }
        }

        return Verdict.OfDeterminism(same.Count, hashes.Count, stop.IsCancellationRequested);
    }

    /// <summary>The part of the second process: a line of seed and hash for each.</summary>
    public Verdict PrintHashes(CancellationToken stop)
    {
        SimulationResult? last = null;
        foreach (SimulationResult result in Results(stop))
        {
            if (last is not null)
            {
                output.Line(LineOf(last));
            }

            last = result;
        }

        return new Verdict(last is null ? "" : LineOf(last), ExitCode.Success);
    }

    private static string LineOf(SimulationResult result) => $"{result.Seed} {result.TraceHash:x16}";

    private IEnumerable<SimulationResult> Results(CancellationToken stop) =>
        new SeedRunner(host, request.Options, request.Threads, request.Mutation)
            .InOrder(request.Start, _seeds, stop);
}
