using Zab.Core.Access;
using Zab.Core.Primitives;

namespace Zab.Core.Tree;

/// <summary>A node that has, or had, children, or an owner, or anything else that most nodes lack.</summary>
internal sealed class RichZnode : Znode
{
    private readonly WriteToken _token;
    private readonly ZnodeOwner _owner;
    private readonly Acl? _acl;
    private readonly int _aversion;
    private int _creations;
    private Zxid _pzxid;
    private PersistentMap<Znode> _children;
    private Subtree _below;

    /// <summary>Makes a node with the content of another; <paramref name="token"/> may change it in
    /// place.</summary>
    public RichZnode(
        Znode content, in ZnodeHeader header, PersistentMap<Znode> children, Subtree below, WriteToken token)
        : base(content, header)
    {
        _token = token;
        _owner = header.Owner;
        _acl = header.Acl;
        _aversion = header.Aversion;
        _creations = header.Creations;
        _pzxid = header.Pzxid;
        _children = children;
        _below = below;
    }

    /// <inheritdoc/>
    public override PersistentMap<Znode> Children => _children;

    /// <inheritdoc/>
    public override ZnodeHeader Header => base.Header with
    {
        Pzxid = _pzxid,
        Creations = _creations,
        Aversion = _aversion,
        Owner = _owner,
        Acl = _acl,
    };

    /// <inheritdoc/>
    public override ZnodeOwner Owner => _owner;

    /// <inheritdoc/>
    public override Acl? Acl => _acl;

    /// <inheritdoc/>
    public override Subtree Below => _below;

    /// <inheritdoc/>
    public override int Creations => _creations;

    /// <inheritdoc/>
    public override RichZnode OpenedBy(WriteToken token) =>
        ReferenceEquals(_token, token) ? this : base.OpenedBy(token);

    /// <summary>Notes that a child was created or deleted.</summary>
    /// <param name="zxid">The transaction that did it.</param>
    /// <param name="creations">The new count of creations.</param>
    /// <param name="token">The writer's token.</param>
    public void NoteChildChange(Zxid zxid, int creations, WriteToken token)
    {
        Invariant.Holds(ReferenceEquals(_token, token));
        _pzxid = zxid;
        _creations = creations;
    }

    /// <summary>Notes that more, or less, lies below the node.</summary>
    public void NoteBelow(Subtree more, WriteToken token)
    {
        Invariant.Holds(ReferenceEquals(_token, token));
        _below += more;
    }

    /// <summary>Puts a child in, or another state of it.</summary>
    public void PutChild(Znode child, WriteToken token)
    {
        Invariant.Holds(ReferenceEquals(_token, token));
        _children = _children.Set(child, token);
    }

    /// <summary>Takes a child out.</summary>
    public void RemoveChild(Znode child, WriteToken token)
    {
        Invariant.Holds(ReferenceEquals(_token, token));
        _children = _children.Remove(child.Key, token);
    }
}
