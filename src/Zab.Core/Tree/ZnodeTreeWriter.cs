using System;
using System.Diagnostics.CodeAnalysis;
using Zab.Core.Primitives;

namespace Zab.Core.Tree;

/// <summary>Changes a tree, batch by batch: <see cref="Freeze"/> publishes what was made, and later changes
/// copy again.</summary>
/// <remarks>The caller has checked that what it asks for is possible. One owner; not thread-safe.</remarks>
/// <param name="start">The tree to start from; it does not change.</param>
internal sealed class ZnodeTreeWriter(ZnodeTree start)
{
    private Znode _root = start.Root;
    private WriteToken _token = new();

    /// <summary>All nodes, the root included.</summary>
    public int NodeCount { get; private set; } = start.NodeCount;

    /// <summary>Finds a node in the newest state. Read it before the next change, and do not keep
    /// it.</summary>
    public bool TryFind(ReadOnlySpan<byte> path, [NotNullWhen(true)] out Znode? node) =>
        ZnodeTree.TryFind(_root, path, out node);

    /// <inheritdoc cref="TryFind(ReadOnlySpan{byte}, out Znode?)"/>
    public bool TryFind(ReadOnlySpan<char> path, [NotNullWhen(true)] out Znode? node) =>
        ZnodeTree.TryFind(_root, path, out node);

    /// <summary>Creates a node under a parent that exists.</summary>
    /// <param name="path">The path of the node, in UTF-8.</param>
    /// <param name="data">Its data, copied.</param>
    /// <param name="dataIsNull">Whether its data is null.</param>
    /// <param name="header">Its other fields; the parent takes its pzxid from them.</param>
    /// <param name="parentCreations">The parent's new count of creations.</param>
    /// <returns>The node.</returns>
    public Znode Create(
        ReadOnlySpan<byte> path,
        ReadOnlySpan<byte> data,
        bool dataIsNull,
        in ZnodeHeader header,
        int parentCreations)
    {
        RichZnode parent = OpenParent(path, out ReadOnlySpan<byte> name);
        Znode node = Znode.Make(name, data, dataIsNull, header, children: default, _token);
        int siblings = parent.Children.Count;
        parent.PutChild(node, _token);
        Invariant.Holds(parent.Children.Count == siblings + 1);
        parent.NoteChildChange(header.Czxid, parentCreations, _token);
        NodeCount++;
        return node;
    }

    /// <summary>Deletes a node that exists and has no children.</summary>
    public void Delete(ReadOnlySpan<byte> path, Zxid zxid)
    {
        RichZnode parent = OpenParent(path, out ReadOnlySpan<byte> name);
        bool found = parent.Children.TryGet(name, out Znode? node);
        Invariant.Holds(found);
        Invariant.Holds(node!.Children.Count == 0);
        parent.RemoveChild(node, _token);
        parent.NoteChildChange(zxid, parent.Creations, _token);
        NodeCount--;
    }

    /// <summary>Sets the data of a node that exists.</summary>
    /// <returns>The node's new state.</returns>
    public Znode SetData(
        ReadOnlySpan<byte> path,
        ReadOnlySpan<byte> data,
        bool dataIsNull,
        int version,
        Zxid zxid,
        long timeMs)
    {
        bool found = TryFind(path, out Znode? old);
        Invariant.Holds(found);
        ZnodeHeader header = old!.Header with { Version = version, Mzxid = zxid, Mtime = timeMs };
        Znode node = Znode.Make(old.Key, data, dataIsNull, header, old.Children, _token);
        if (path.Length == 1)
            _root = node;
        else
            OpenParent(path, out _).PutChild(node, _token);

        return node;
    }

    /// <summary>Publishes the newest state as a tree that never changes.</summary>
    public ZnodeTree Freeze()
    {
        _token = new WriteToken();
        return new ZnodeTree(_root, NodeCount);
    }

    /// <summary>Makes the nodes from the root down to the parent of a path changeable, and finds the
    /// parent.</summary>
    private RichZnode OpenParent(ReadOnlySpan<byte> path, out ReadOnlySpan<byte> name)
    {
        RichZnode parent = _root.OpenedBy(_token);
        _root = parent;
        name = path[1..];
        for (int slash = name.IndexOf((byte)'/'); slash >= 0; slash = name.IndexOf((byte)'/'))
        {
            bool found = parent.Children.TryGet(name[..slash], out Znode? child);
            Invariant.Holds(found);
            RichZnode opened = child!.OpenedBy(_token);
            if (!ReferenceEquals(opened, child))
                parent.PutChild(opened, _token);

            parent = opened;
            name = name[(slash + 1)..];
        }

        return parent;
    }
}
