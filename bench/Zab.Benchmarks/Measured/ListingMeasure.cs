using System.Diagnostics;
using Zab.Core.Tree;

namespace Zab.Benchmarks.Measured;

/// <summary>A page of 1,000 of the children of a node that has a million.</summary>
internal static class ListingMeasure
{
    private const int Rounds = 201;
    private const int Limit = 1_000;

    public static async Task RunAsync(TextWriter output)
    {
        Shape shape = Siblings.Shape;
        ZnodeTree tree = Siblings.Tree(new Progress(output, "created", shape.Count).Report);
        await output.WriteLineAsync($"A page of {Limit:n0} out of {shape.Count:n0} children");
        foreach ((string where, int after) in Siblings.Places)
        {
            string? name = after < 0 ? null : Siblings.NameOf(after);
            await output.WriteLineAsync($"  {where,-6}  {MedianMs(tree, name):0.000} ms; under 1 ms wanted");
        }
    }

    private static double MedianMs(ZnodeTree tree, string? after)
    {
        List<string> page = new(Limit);
        double[] elapsed = new double[Rounds];
        for (int i = -Rounds; i < Rounds; i++)
        {
            page.Clear();
            long start = Stopwatch.GetTimestamp();
            _ = tree.TryListChildren(Siblings.Parent, after, Limit, page);
            elapsed[Math.Max(0, i)] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (page.Count != Limit)
            {
                throw new InvalidOperationException($"The page has {page.Count} names.");
            }
        }

        Array.Sort(elapsed);
        return elapsed[Rounds / 2];
    }
}
