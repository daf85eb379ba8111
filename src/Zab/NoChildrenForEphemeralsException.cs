using System.Diagnostics.CodeAnalysis;
using Zab.Core.Tree;

namespace Zab;

/// <summary>The parent is ephemeral and cannot have children.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Made by a session alone, which always has a path.")]
public sealed class NoChildrenForEphemeralsException : ZabException
{
    internal NoChildrenForEphemeralsException(string path)
        : base(ErrorCode.NoChildrenForEphemerals, path, $"The parent of '{path}' is ephemeral and cannot have children.")
    {
    }
}
