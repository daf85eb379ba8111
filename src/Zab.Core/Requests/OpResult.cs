using System;
using System.Collections.Generic;
using Zab.Core.Tree;

namespace Zab.Core.Requests;

/// <summary>How one operation of a multi, or of a multi-read, went. Which fields carry meaning depends on the
/// operation.</summary>
internal readonly record struct OpResult
{
    /// <summary>The operation.</summary>
    public required OpCode Op { get; init; }

    /// <summary>The outcome.</summary>
    public ErrorCode Error { get; init; }

    /// <summary>The node, by its final path.</summary>
    public string? Path { get; init; }

    /// <summary>The stat of a node that was created, set or read.</summary>
    public Stat Stat { get; init; }

    /// <summary>The data of a node that was read. The memory is the tree's own.</summary>
    public ReadOnlyMemory<byte>? Data { get; init; }

    /// <summary>The names of the children that were listed.</summary>
    public IReadOnlyList<string>? Children { get; init; }
}
