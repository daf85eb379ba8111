using Zab.Core.Requests;
using Zab.Core.Tree;

namespace Zab;

/// <summary>How one operation of several went. Which members carry meaning depends on the operation.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Error">The outcome. Of a transaction that failed, those before the one that failed say
/// <see cref="ErrorCode.Ok"/>, though nothing was done, and those after it
/// <see cref="ErrorCode.RuntimeInconsistency"/>: not tried.</param>
/// <param name="Path">The node, by its final path.</param>
/// <param name="Stat">The stat of a node that was created, set or read.</param>
/// <param name="Data">The data that was read. The memory is the tree's own.</param>
/// <param name="Children">The names of the children that were listed, in the order of their bytes.</param>
public sealed record OperationResult(
    OpCode Operation,
    ErrorCode Error,
    string Path,
    Stat Stat,
    ReadOnlyMemory<byte>? Data,
    IReadOnlyList<string> Children)
{
    /// <summary>The results in an answer.</summary>
    internal static OperationResult[] AllOf(in ClientReply reply) =>
    [
        .. (reply.Results ?? []).Select(result => new OperationResult(
            result.Op, result.Error, result.Path ?? "", result.Stat, result.Data, result.Children ?? [])),
    ];
}
