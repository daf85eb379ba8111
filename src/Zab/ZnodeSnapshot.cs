using System.Text;
using Zab.Core.Primitives;
using Zab.Core.Tree;

namespace Zab;

/// <summary>A znode as it was at one zxid.</summary>
/// <remarks>Not compared with ==, as <paramref name="Data"/> compares by place.</remarks>
/// <param name="Data">The data; null and empty are two things. The memory is the tree's own: it never
/// changes, may be kept for as long as it is useful, and must not be written to.</param>
/// <param name="Stat">What is known beside the data.</param>
/// <param name="Zxid">The last transaction in the state that answered.</param>
public readonly record struct ZnodeSnapshot(ReadOnlyMemory<byte>? Data, Stat Stat, Zxid Zxid)
{
    /// <summary>The data as text in UTF-8, made anew at each call; null when there is no data. Bytes that are
    /// no UTF-8 become U+FFFD.</summary>
    public string? Text => Data is { } data ? Encoding.UTF8.GetString(data.Span) : null;
}
