using System.Diagnostics;
using System.Text;
using Zab.Core.Tree;

namespace Zab.Benchmarks.Measured;

/// <summary>How fast the tree alone is changed, in batches: what reading faster must not cost.</summary>
internal static class WritesMeasure
{
    private const int Sets = 500_000;

    public static async Task RunAsync(TextWriter output)
    {
        foreach (Shape shape in (Shape[])[Shape.Even, Shape.Wide])
        {
            await output.WriteLineAsync($"The tree alone, {shape.Name}, batches of {TreeOf.BatchSize}");
            byte[][] inOrder =
                [.. Enumerable.Range(0, shape.Count).Select(i => Encoding.UTF8.GetBytes(shape.PathOf(i)))];
            byte[][] shuffled = [.. shape.ShuffledPaths().Select(Encoding.UTF8.GetBytes)];
            ZnodeTree parents = TreeOf.With(ZnodeTree.Initial, shape.Parents, progress: null);
            _ = PerSecond(parents, shuffled.AsSpan(0, shape.Count / 4), TreeOf.Create, out _); // warms up
            double ascending = PerSecond(parents, inOrder, TreeOf.Create, out _);
            double scattered = PerSecond(parents, shuffled, TreeOf.Create, out ZnodeTree tree);
            _ = PerSecond(tree, inOrder.AsSpan(0, Sets / 4), TreeOf.Set, out _);
            double sets = PerSecond(tree, shuffled.AsSpan(0, Sets), TreeOf.Set, out _);
            await output.WriteLineAsync(Text.Of($"  creates, ascending   {ascending,12:n0}/s"));
            await output.WriteLineAsync(Text.Of($"  creates, scattered   {scattered,12:n0}/s"));
            await output.WriteLineAsync(Text.Of($"  sets, uniform        {sets,12:n0}/s"));
        }
    }

    private static double PerSecond(
        ZnodeTree tree, ReadOnlySpan<byte[]> paths, Change change, out ZnodeTree changed)
    {
        GC.Collect();
        long start = Stopwatch.GetTimestamp();
        for (int done = 0; done < paths.Length;)
        {
            ZnodeTreeWriter writer = new(tree);
            for (int i = 0; i < TreeOf.BatchSize && done < paths.Length; i++)
            {
                change(writer, paths[done], ++done);
            }

            tree = writer.Freeze();
        }

        changed = tree;
        return paths.Length / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private delegate void Change(ZnodeTreeWriter writer, ReadOnlySpan<byte> path, int counter);
}
