using System;
using Zab.Core.Access;
using Zab.Core.Primitives;

namespace Zab.Core.Tree;

/// <summary>One node of the tree. This class is the most frequent kind, and keeps nothing that it does not
/// need: a node without an owner or a list of permissions that never had children. All others are
/// <see cref="RichZnode"/>.</summary>
/// <remarks>Name and data share one array. Immutable, but for a <see cref="RichZnode"/> in its writer's
/// hands.</remarks>
internal class Znode : KeyedItem
{
    private readonly byte[] _bytes; // the name, then the data; never written to again
    private readonly int _nameLength; // its complement (a negative number) when the data is null
    private readonly int _version;
    private readonly Zxid _czxid;
    private readonly Zxid _mzxid;
    private readonly long _ctime;
    private readonly long _mtime;

    /// <summary>Makes a node with the content of another.</summary>
    protected Znode(Znode content, in ZnodeHeader header)
        : this(content._bytes, content._nameLength, header)
    {
    }

    private Znode(byte[] bytes, int nameLength, in ZnodeHeader header)
    {
        _bytes = bytes;
        _nameLength = nameLength;
        _version = header.Version;
        _czxid = header.Czxid;
        _mzxid = header.Mzxid;
        _ctime = header.Ctime;
        _mtime = header.Mtime;
    }

    /// <summary>The name: the last element of the path, in UTF-8; empty for the root.</summary>
    public override ReadOnlySpan<byte> Key => _bytes.AsSpan(0, NameLength);

    /// <summary>The data, which may be null. The memory is the tree's own.</summary>
    /// <remarks>The null is cast, as it would become an empty memory else: memories convert from null
    /// arrays.</remarks>
    public ReadOnlyMemory<byte>? Data =>
        _nameLength < 0 ? (ReadOnlyMemory<byte>?)null : _bytes.AsMemory(_nameLength);

    /// <summary>The children.</summary>
    public virtual PersistentMap<Znode> Children => default;

    /// <summary>All that is kept beside the content and the children.</summary>
    public virtual ZnodeHeader Header => new(
        _czxid, _mzxid, Pzxid: _czxid, _ctime, _mtime, _version, Creations: 0, Aversion: 0, Owner: default,
        Acl: null);

    /// <summary>The version of the data.</summary>
    public int Version => _version;

    /// <summary>What ends the node's life beside a delete.</summary>
    public virtual ZnodeOwner Owner => default;

    /// <summary>The session that owns the node; none unless it is ephemeral.</summary>
    public SessionId EphemeralOwner => Owner.Session;

    /// <summary>Who may do what with the node; null when everyone may do everything.</summary>
    public virtual Acl? Acl => null;

    /// <summary>What lies below the node.</summary>
    public virtual Subtree Below => default;

    /// <summary>The bytes of the data; 0 for null.</summary>
    public int DataLength => _bytes.Length - NameLength;

    /// <summary>The number that the next sequential child gets.</summary>
    public virtual int Creations => 0;

    /// <summary>The 11 fields that a client sees.</summary>
    public Stat Stat
    {
        get
        {
            ZnodeHeader header = Header;
            int children = Children.Count;
            return new Stat(
                header.Czxid,
                header.Mzxid,
                header.Ctime,
                header.Mtime,
                header.Version,
                Cversion: unchecked((2 * header.Creations) - children),
                header.Aversion,
                header.Owner.Session,
                DataLength,
                children,
                header.Pzxid);
        }
    }

    private int NameLength => _nameLength < 0 ? ~_nameLength : _nameLength;

    /// <summary>Makes a node of whichever class it needs. Name and data are copied.</summary>
    /// <param name="name">The last element of the path, in UTF-8.</param>
    /// <param name="data">The data.</param>
    /// <param name="dataIsNull">Whether the data is null, and not merely empty.</param>
    /// <param name="header">All that is kept beside them.</param>
    /// <param name="children">The children.</param>
    /// <param name="below">What lies below the node.</param>
    /// <param name="token">The writer's token.</param>
    public static Znode Make(
        ReadOnlySpan<byte> name,
        ReadOnlySpan<byte> data,
        bool dataIsNull,
        in ZnodeHeader header,
        PersistentMap<Znode> children,
        Subtree below,
        WriteToken token)
    {
        byte[] bytes = new byte[name.Length + data.Length];
        name.CopyTo(bytes);
        data.CopyTo(bytes.AsSpan(name.Length));
        Znode plain = new(bytes, dataIsNull ? ~name.Length : name.Length, header);
        return children.Count == 0 && plain.Header == header ? plain : new RichZnode(
            plain, header, children, below, token);
    }

    /// <summary>The node as one that <paramref name="token"/> may change in place: itself, or a
    /// copy.</summary>
    public virtual RichZnode OpenedBy(WriteToken token) => new(this, Header, Children, Below, token);
}
