using System.Globalization;
using System.Text;

namespace Zab.Benchmarks;

/// <summary>How a tree of a million znodes at depth 3 is laid out.</summary>
/// <param name="Name">What it is called in the output.</param>
/// <param name="Tops">The nodes at depth 1.</param>
/// <param name="Middles">The children of each.</param>
/// <param name="Leaves">The children of each of those.</param>
/// <param name="Path">The path of a leaf: <c>{0}</c>, <c>{1}</c> and <c>{2}</c> are the places of its
/// ancestors and its own among their siblings.</param>
internal sealed record Shape(string Name, int Tops, int Middles, int Leaves, string Path)
{
    private readonly CompositeFormat _path = CompositeFormat.Parse(Path);

    /// <summary>A hundred children everywhere: services and their instances.</summary>
    public static Shape Even { get; } = new(
        "100 x 100 x 100", 100, 100, 100, "/region-{0:d3}/service-{1:d3}/instance-{2:d4}");

    /// <summary>Few parents of many: queues of sequential nodes.</summary>
    public static Shape Wide { get; } = new(
        "10 x 10 x 10,000", 10, 10, 10_000, "/tenant-{0:d2}/queue-{1:d2}/item-{2:d10}");

    /// <summary>The number of leaves.</summary>
    public int Count => Tops * Middles * Leaves;

    /// <summary>The nodes above the leaves, parents first.</summary>
    public IEnumerable<string> Parents
    {
        get
        {
            for (int middle = 0; middle < Tops * Middles; middle++)
            {
                string path = PathOf(middle * Leaves);
                string parent = path[..path.LastIndexOf('/')];
                if (middle % Middles == 0)
                {
                    yield return parent[..parent.LastIndexOf('/')];
                }

                yield return parent;
            }
        }
    }

    /// <summary>The path of a leaf, by its place among all of them.</summary>
    public string PathOf(int leaf)
    {
        (int middle, int own) = Math.DivRem(leaf, Leaves);
        return string.Format(
            CultureInfo.InvariantCulture, _path, middle / Middles, middle % Middles, own);
    }

    /// <summary>The paths of all leaves in random order. Each string lies in memory behind the one before it,
    /// so that a reader who walks them waits for the tree, and not for the paths.</summary>
    public string[] ShuffledPaths()
    {
        int[] order = [.. Enumerable.Range(0, Count)];
        new Random(Seed: 1).Shuffle(order);
        return [.. order.Select(PathOf)];
    }
}
