using Zab.Core.Tree;

namespace Zab.Benchmarks.Measured;

/// <summary>Reads on one thread, of data and stat: over 1,000 hot znodes, side by side or anywhere, and
/// uniformly over a million.</summary>
internal static class ReadsMeasure
{
    private const int Hot = 1_000;

    public static async Task RunAsync(TextWriter output)
    {
        foreach (Shape shape in (Shape[])[Shape.Even, Shape.Wide])
        {
            await output.WriteLineAsync($"The tree alone, {shape.Name}");
            ZnodeTree tree = TreeOf.Shaped(shape, new Progress(output, "created", shape.Count).Report);
            await MeasureAsync(output, shape, paths => ReadAll(tree, paths));
        }

        foreach (Shape shape in (Shape[])[Shape.Even, Shape.Wide])
        {
            await output.WriteLineAsync($"A session of a node, {shape.Name}");
            await using OneServer server = await OneServer.StartAsync();
            await server.FillAsync(shape, new Progress(output, "created", shape.Count).Report);
            await MeasureAsync(output, shape, paths => ReadAll(server.Session, paths));
        }
    }

    private static async Task MeasureAsync(TextWriter output, Shape shape, Func<PathWalk, int> readAll)
    {
        string[] all = shape.ShuffledPaths();
        string[] near = [.. Enumerable.Range(shape.Count / 2, Hot).Select(shape.PathOf)];
        await TellAsync("hot, siblings", near);
        await TellAsync("hot, scattered", all[..Hot]);
        await TellAsync("uniform", all);

        async Task TellAsync(string what, string[] paths)
        {
            PathWalk walk = new(paths);
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            Rate rate = await OnThreadAsync(() => Rate.Of(() => readAll(walk)));
            await output.WriteLineAsync($"  {what,-15}{rate}");
        }
    }

    /// <summary>A thread of its own: allocations are counted by thread.</summary>
    private static Task<Rate> OnThreadAsync(Func<Rate> measure) => Task.Factory.StartNew(
        measure, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static int ReadAll(ZnodeTree tree, PathWalk walk)
    {
        ReadOnlySpan<string> paths = walk.Next();
        foreach (string path in paths)
        {
            bool found = tree.TryGet(path, out ZnodeView node);
            Check(found && node.Data?.Length == TreeOf.DataBytes && node.Stat.NumChildren == 0, path);
        }

        return paths.Length;
    }

    private static int ReadAll(IZabSession session, PathWalk walk)
    {
        ReadOnlySpan<string> paths = walk.Next();
        foreach (string path in paths)
        {
            ValueTask<ZnodeSnapshot> read = session.GetAsync(path);
            ZnodeSnapshot node = read.IsCompletedSuccessfully ? read.Result : default;
            Check(node.Data?.Length == TreeOf.DataBytes && node.Stat.NumChildren == 0, path);
        }

        return paths.Length;
    }

    private static void Check(bool isRight, string path)
    {
        if (!isRight)
        {
            throw new InvalidOperationException($"The read of {path} went wrong.");
        }
    }
}
