using Zab.Core.Tree;

namespace Zab.Benchmarks;

/// <summary>A node with a million children.</summary>
internal static class Siblings
{
    /// <summary>The parent.</summary>
    public const string Parent = "/queues/all";

    /// <summary>The tree's shape.</summary>
    public static Shape Shape { get; } = new("1 x 1 x 1,000,000", 1, 1, 1_000_000, Parent + "/item-{2:d10}");

    /// <summary>Where a page is read: after which child, -1 for the first page.</summary>
    public static (string Where, int After)[] Places { get; } =
        [("begin", -1), ("middle", Shape.Count / 2), ("end", Shape.Count - 1_001)];

    /// <summary>The tree.</summary>
    public static ZnodeTree Tree(Action<int>? progress = null) => TreeOf.Shaped(Shape, progress);

    /// <summary>The name of a child.</summary>
    public static string NameOf(int child) => Shape.PathOf(child)[(Parent.Length + 1)..];
}
