using System.Diagnostics.CodeAnalysis;
using Zab.Core.Tree;

namespace Zab;

/// <summary>The node, or the parent of a node to be created, does not exist.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Made by a session alone, which always has a path.")]
public sealed class NoNodeException : ZabException
{
    internal NoNodeException(string path)
        : base(ErrorCode.NoNode, path, $"There is no node '{path}', or no parent for it.")
    {
    }
}
