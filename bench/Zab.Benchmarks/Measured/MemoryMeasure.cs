using System.Runtime;
using System.Runtime.CompilerServices;
using Zab.Core.Tree;

namespace Zab.Benchmarks.Measured;

/// <summary>How much memory a tree of a million znodes takes, its inner nodes included.</summary>
internal static class MemoryMeasure
{
    private const int BytesMax = 250;

    public static async Task RunAsync(TextWriter output)
    {
        long worst = 0;
        foreach (Shape shape in (Shape[])[Shape.Even, Shape.Wide])
        {
            await output.WriteLineAsync($"{shape.Name}, such as {shape.PathOf(0)}");
            long each = BytesEach(shape, new Progress(output, "created", shape.Count));
            await output.WriteLineAsync($"  {each} bytes a znode; at most {BytesMax} allowed");
            worst = Math.Max(worst, each);
        }

        await output.WriteLineAsync(
            $"{worst} bytes a znode ({Shape.Even.Count} znodes of {TreeOf.DataBytes} bytes)");
    }

    /// <summary>Bytes for each leaf. A frame of its own, so that the tree is garbage once it returns.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long BytesEach(Shape shape, Progress progress)
    {
        long before = BytesAlive();
        ZnodeTree tree = TreeOf.Shaped(shape, progress.Report);
        long bytes = BytesAlive() - before;
        GC.KeepAlive(tree);
        return (bytes + (shape.Count / 2)) / shape.Count;
    }

    private static long BytesAlive()
    {
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
