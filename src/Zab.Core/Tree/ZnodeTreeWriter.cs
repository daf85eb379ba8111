using System;
using System.Diagnostics.CodeAnalysis;
using Zab.Core.Access;
using Zab.Core.Primitives;

namespace Zab.Core.Tree;

/// <summary>Changes a tree, batch by batch: <see cref="Freeze"/> publishes what was made, and later changes
/// copy again.</summary>
/// <remarks>The caller has checked that what it asks for is possible. The counts below each node, the lists
/// of nodes that the leader ends, and the digest go along with every change. One owner; not
/// thread-safe.</remarks>
/// <param name="start">The tree to start from; it does not change.</param>
internal sealed class ZnodeTreeWriter(ZnodeTree start)
{
    private Znode _root = start.Root;
    private ulong _digest = start.Digest;
    private PersistentMap<NodePath> _containers = start.Containers;
    private PersistentMap<NodePath> _timed = start.Timed;
    private WriteToken _token = new();

    /// <summary>The root of the newest state. Read it before the next change, and do not keep it.</summary>
    public Znode Root => _root;

    /// <summary>The digest of the newest state.</summary>
    public ulong Digest => _digest;

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
        RichZnode parent =
            OpenParent(path, new(1, data.Length), out Place place, out ReadOnlySpan<byte> name);
        Znode node = Znode.Make(name, data, dataIsNull, header, children: default, below: default, _token);
        int siblings = parent.Children.Count;
        parent.PutChild(node, _token);
        Invariant.Holds(parent.Children.Count == siblings + 1);
        NoteChildChange(parent, place, header.Czxid, parentCreations);
        _digest = unchecked(_digest + ZnodeDigest.Of(place.Path, node));
        if (header.Owner.IsContainer)
            _containers = _containers.Set(new NodePath(path.ToArray()), _token);
        else if (header.Owner.HasTtl)
            _timed = _timed.Set(new NodePath(path.ToArray()), _token);

        return node;
    }

    /// <summary>Deletes a node that exists and has no children.</summary>
    /// <returns>The parent's new state.</returns>
    public Znode Delete(ReadOnlySpan<byte> path, Zxid zxid)
    {
        bool exists = TryFind(path, out Znode? node);
        Invariant.Holds(exists);
        Invariant.Holds(node!.Children.Count == 0);
        RichZnode parent =
            OpenParent(path, new(-1, -node.DataLength), out Place place, out ReadOnlySpan<byte> _);
        parent.RemoveChild(node, _token);
        NoteChildChange(parent, place, zxid, parent.Creations);
        _digest = unchecked(_digest - ZnodeDigest.Of(place.Path, node));
        if (node.Owner.IsContainer)
            _containers = _containers.Remove(path, _token);
        else if (node.Owner.HasTtl)
            _timed = _timed.Remove(path, _token);

        return parent;
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
        Znode node = Znode.Make(old.Key, data, dataIsNull, header, old.Children, old.Below, _token);
        Replace(path, old, node);
        return node;
    }

    /// <summary>Sets the permissions of a node that exists.</summary>
    /// <returns>The node's new state.</returns>
    public Znode SetAcl(ReadOnlySpan<byte> path, Acl? acl, int aversion)
    {
        bool found = TryFind(path, out Znode? old);
        Invariant.Holds(found);
        ZnodeHeader header = old!.Header with { Acl = acl, Aversion = aversion };
        Znode node = new RichZnode(old, header, old.Children, old.Below, _token);
        Replace(path, old, node);
        return node;
    }

    /// <summary>Publishes the newest state as a tree that never changes.</summary>
    public ZnodeTree Freeze()
    {
        _token = new WriteToken();
        return new ZnodeTree(_root, _digest, _containers, _timed);
    }

    /// <summary>Goes back to a state that <see cref="Freeze"/> gave: what was made since is
    /// dropped.</summary>
    public void ReturnTo(ZnodeTree tree)
    {
        _token = new WriteToken();
        (_root, _digest, _containers, _timed) = (tree.Root, tree.Digest, tree.Containers, tree.Timed);
    }

    private void Replace(ReadOnlySpan<byte> path, Znode old, Znode node)
    {
        ulong hash = ZnodeDigest.RootPath;
        if (path.Length == 1)
        {
            _root = node;
        }
        else
        {
            Subtree more = new(0, node.DataLength - old.DataLength);
            RichZnode parent = OpenParent(path, more, out Place place, out _);
            parent.PutChild(node, _token);
            hash = place.Path;
        }

        _digest = unchecked(_digest - ZnodeDigest.Of(hash, old) + ZnodeDigest.Of(hash, node));
    }

    private void NoteChildChange(RichZnode parent, in Place place, Zxid zxid, int creations)
    {
        ulong before = ZnodeDigest.OfHeader(place.Parent, parent);
        parent.NoteChildChange(zxid, creations, _token);
        _digest = unchecked(_digest - before + ZnodeDigest.OfHeader(place.Parent, parent));
    }

    /// <summary>Makes the nodes from the root down to the parent of a path changeable, counts what there will
    /// be more below each, and finds the parent.</summary>
    private RichZnode OpenParent(
        ReadOnlySpan<byte> path, Subtree more, out Place place, out ReadOnlySpan<byte> name)
    {
        RichZnode parent = _root.OpenedBy(_token);
        parent.NoteBelow(more, _token);
        _root = parent;
        ulong hash = ZnodeDigest.RootPath;
        name = path[1..];
        for (int slash = name.IndexOf((byte)'/'); slash >= 0; slash = name.IndexOf((byte)'/'))
        {
            bool found = parent.Children.TryGet(name[..slash], out Znode? child);
            Invariant.Holds(found);
            RichZnode opened = child!.OpenedBy(_token);
            opened.NoteBelow(more, _token);
            if (!ReferenceEquals(opened, child))
                parent.PutChild(opened, _token);

            parent = opened;
            hash = ZnodeDigest.PathOf(hash, name[..slash]);
            name = name[(slash + 1)..];
        }

        place = new Place(hash, ZnodeDigest.PathOf(hash, name));
        return parent;
    }

    /// <summary>The hashes of a node's path and of its parent's.</summary>
    private readonly record struct Place(ulong Parent, ulong Path);
}
