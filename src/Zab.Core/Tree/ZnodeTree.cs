using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Zab.Core.Access;

namespace Zab.Core.Tree;

/// <summary>The tree of znodes as a value: it never changes, and may be read by many threads at
/// once.</summary>
internal sealed class ZnodeTree
{
    /// <summary>Makes the tree under a root that nobody can write to any more.</summary>
    /// <param name="root">The root.</param>
    /// <param name="digest">The sum of the shares of all nodes.</param>
    /// <param name="containers">The paths of all containers.</param>
    /// <param name="timed">The paths of all nodes with a time to live.</param>
    internal ZnodeTree(
        Znode root, ulong digest, PersistentMap<NodePath> containers, PersistentMap<NodePath> timed)
    {
        Root = root;
        Digest = digest;
        Containers = containers;
        Timed = timed;
    }

    /// <summary>The tree of a new ensemble: the root and ZooKeeper's own nodes, all with empty
    /// data.</summary>
    public static ZnodeTree Initial { get; } = Fresh();

    /// <summary>All nodes, the root included.</summary>
    public int NodeCount => Root.Below.Nodes + 1;

    /// <summary>A hash of the whole tree: two trees with the same digest are the same, but for a chance of
    /// about 2^-64.</summary>
    public ulong Digest { get; }

    /// <summary>The root.</summary>
    internal Znode Root { get; }

    /// <summary>The paths of all containers, in the order of their bytes.</summary>
    internal PersistentMap<NodePath> Containers { get; }

    /// <summary>The paths of all nodes with a time to live, in the order of their bytes.</summary>
    internal PersistentMap<NodePath> Timed { get; }

    /// <summary>Finds a node. A malformed path is merely not found.</summary>
    public bool TryGet(string path, out ZnodeView view) =>
        View(TryFind(Root, path, out Znode? node), node, out view);

    /// <summary>Finds a node by its path in UTF-8. A malformed path is merely not found.</summary>
    public bool TryGet(ReadOnlySpan<byte> path, out ZnodeView view) =>
        View(TryFind(Root, path, out Znode? node), node, out view);

    /// <summary>Lists names of children in the order of their bytes.</summary>
    /// <param name="path">The parent.</param>
    /// <param name="after">The name after which to start, which need not exist; null for the first.</param>
    /// <param name="limit">The most names to list.</param>
    /// <param name="into">Gets the names.</param>
    /// <returns>Whether the parent exists.</returns>
    public bool TryListChildren(string path, string? after, int limit, List<string> into)
    {
        if (!TryFind(Root, path, out Znode? parent))
            return false;

        MapCursor<Znode> cursor = parent.Children.After(Encoding.UTF8.GetBytes(after ?? ""));
        for (int i = 0; i < limit && cursor.MoveNext(); i++)
        {
            into.Add(Encoding.UTF8.GetString(cursor.Current.Key));
        }

        return true;
    }

    /// <summary>All nodes below a node, depth first, children in the order of their bytes.</summary>
    /// <param name="path">The node, which is not listed itself; when it does not exist, nothing is.</param>
    public IEnumerable<(string Path, ZnodeView Node)> Descendants(string path)
    {
        if (!TryFind(Root, path, out Znode? start))
            yield break;

        Stack<(string Prefix, MapCursor<Znode> Children)> open = new();
        open.Push((path == PathRules.Root ? "" : path, start.Children.GetEnumerator()));
        while (open.TryPeek(out (string Prefix, MapCursor<Znode> Children) top))
        {
            if (!top.Children.MoveNext())
            {
                open.Pop();
                continue;
            }

            Znode node = top.Children.Current;
            string nodePath = $"{top.Prefix}/{Encoding.UTF8.GetString(node.Key)}";
            yield return (nodePath, new ZnodeView(node));
            open.Push((nodePath, node.Children.GetEnumerator()));
        }
    }

    /// <summary>Finds a node under a root.</summary>
    internal static bool TryFind(Znode root, ReadOnlySpan<char> path, [NotNullWhen(true)] out Znode? node)
    {
        const int StackBytes = 384;
        int bytesMax = Encoding.UTF8.GetMaxByteCount(path.Length);
        Span<byte> utf8 = bytesMax <= StackBytes ? stackalloc byte[StackBytes] : new byte[bytesMax];
        return TryFind(root, utf8[..Encoding.UTF8.GetBytes(path, utf8)], out node);
    }

    /// <summary>Finds a node under a root by its path in UTF-8.</summary>
    internal static bool TryFind(Znode root, ReadOnlySpan<byte> path, [NotNullWhen(true)] out Znode? node)
    {
        node = path.Length > 0 && path[0] == '/' ? root : null;
        if (path.Length <= 1)
            return node is not null;

        // An empty element is not found, as no name is empty: so neither is a path with a slash at its end.
        int slash = 0;
        while (node is not null && slash >= 0)
        {
            path = path[(slash + 1)..];
            slash = path.IndexOf((byte)'/');
            _ = node.Children.TryGet(slash < 0 ? path : path[..slash], out node);
        }

        return node is not null;
    }

    private static bool View(bool found, Znode? node, out ZnodeView view)
    {
        view = found ? new ZnodeView(node!) : default;
        return found;
    }

    private static ZnodeTree Fresh()
    {
        // These nodes were never created by a transaction: they count as children, but not as creations, and
        // ZooKeeper shows the odd numbers that come of it (cversion -1 and -2, version and aversion -1).
        // The membership may be read by all, and changes by reconfiguration alone.
        ZnodeHeader blank = default;
        WriteToken token = new();
        ZnodeHeader odd = blank with { Version = -1, Aversion = -1, Acl = Acl.ReadOnly };
        Znode config = Empty("config"u8, odd, default, default);
        PersistentMap<Znode> system = default(PersistentMap<Znode>).Set(config, token)
            .Set(Empty("quota"u8, blank, default, default), token);
        PersistentMap<Znode> top = default(PersistentMap<Znode>).Set(
            Empty("zookeeper"u8, blank, system, new Subtree(2, 0)), token);
        Znode root = Empty(""u8, blank, top, new Subtree(3, 0));
        return new ZnodeTree(root, DigestOf(ZnodeDigest.RootPath, root), default, default);

        Znode Empty(
            ReadOnlySpan<byte> name, ZnodeHeader header, PersistentMap<Znode> children, Subtree below) =>
            Znode.Make(name, [], dataIsNull: false, header, children, below, token);
    }

    /// <summary>The digest of a node and all below it, made anew.</summary>
    private static ulong DigestOf(ulong path, Znode node)
    {
        ulong sum = ZnodeDigest.Of(path, node);
        foreach (Znode child in node.Children)
        {
            sum = unchecked(sum + DigestOf(ZnodeDigest.PathOf(path, child.Key), child));
        }

        return sum;
    }
}
