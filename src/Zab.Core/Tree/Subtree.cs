namespace Zab.Core.Tree;

/// <summary>What lies below a node, the node itself not counted.</summary>
/// <param name="Nodes">How many nodes.</param>
/// <param name="Bytes">The bytes of their data.</param>
internal readonly record struct Subtree(int Nodes, long Bytes)
{
    /// <summary>Both together.</summary>
    public static Subtree operator +(Subtree left, Subtree right) =>
        new(left.Nodes + right.Nodes, left.Bytes + right.Bytes);
}
