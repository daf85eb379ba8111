using System.Text;
using Zab.Core.Primitives;
using Zab.Core.Tree;

namespace Zab.Benchmarks;

/// <summary>Builds trees the way a server does: by a writer that publishes after each batch.</summary>
internal static class TreeOf
{
    /// <summary>The data of every znode has so many bytes.</summary>
    public const int DataBytes = 100;

    /// <summary>So many changes are published at once, as under load.</summary>
    public const int BatchSize = 256;

    private static readonly byte[] s_data = [.. Enumerable.Range(0, DataBytes).Select(i => (byte)i)];

    /// <summary>A tree with the nodes of a shape.</summary>
    public static ZnodeTree Shaped(Shape shape, Action<int>? progress = null)
    {
        ZnodeTree tree = With(ZnodeTree.Initial, shape.Parents, progress: null);
        return With(tree, Enumerable.Range(0, shape.Count).Select(shape.PathOf), progress);
    }

    /// <summary>The tree with more nodes, in the order given.</summary>
    public static ZnodeTree With(ZnodeTree tree, IEnumerable<string> paths, Action<int>? progress)
    {
        int created = 0;
        foreach (string[] batch in paths.Chunk(BatchSize))
        {
            ZnodeTreeWriter writer = new(tree);
            foreach (string path in batch)
            {
                Create(writer, Encoding.UTF8.GetBytes(path), ++created);
            }

            tree = writer.Freeze();
            progress?.Invoke(created);
        }

        return tree;
    }

    /// <summary>Creates a node under a parent that exists.</summary>
    public static void Create(ZnodeTreeWriter writer, ReadOnlySpan<byte> path, int counter)
    {
        ZnodeHeader header = ZnodeHeader.Created(
            Zxid.Of(1, (uint)counter), timeMs: 1_700_000_000_000 + counter, SessionId.None);
        _ = writer.Create(path, s_data, dataIsNull: false, header, parentCreations: counter);
    }

    /// <summary>Sets the data of a node that exists.</summary>
    public static void Set(ZnodeTreeWriter writer, ReadOnlySpan<byte> path, int counter) =>
        _ = writer.SetData(
            path,
            s_data,
            dataIsNull: false,
            version: 1,
            Zxid.Of(2, (uint)counter),
            timeMs: 1_800_000_000_000 + counter);
}
