namespace Zab.Core.Tree;

/// <summary>Tells when a node's life is over that nobody deletes: a container without children, a node whose
/// time to live has passed.</summary>
/// <remarks>Source: ZooKeeper <c>ContainerManager</c>.</remarks>
internal static class Lifetimes
{
    /// <summary>Whether the leader may delete a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="timeMs">The leader's clock, in milliseconds since 1970.</param>
    /// <returns>True for a container that had children and has none, and for a node without children whose
    /// data has not been set for longer than its time to live.</returns>
    public static bool IsOver(Znode node, long timeMs) => node.Children.Count == 0
        && (node.Owner.IsContainer ? node.Creations != 0
            : node.Owner.HasTtl && timeMs - node.Header.Mtime > node.Owner.TtlMs);
}
