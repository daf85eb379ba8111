using Zab.Core.Access;
using Zab.Core.Tree;

namespace Zab;

/// <summary>What a node is to be like that is created.</summary>
public sealed record CreateOptions
{
    /// <summary>Its data, which is copied when the call is made; null and empty are two things.</summary>
    public ReadOnlyMemory<byte>? Data { get; init; }

    /// <summary>The kind of node.</summary>
    public CreateMode Mode { get; init; }

    /// <summary>Who may do what with it; null for everyone everything.</summary>
    public Acl? Acl { get; init; }

    /// <summary>How long it lives without children and without a change of its data, from 1 ms to almost 35
    /// years; for <see cref="CreateMode.PersistentWithTtl"/> and
    /// <see cref="CreateMode.PersistentSequentialWithTtl"/>, and for no other mode.</summary>
    public TimeSpan? TimeToLive { get; init; }
}
