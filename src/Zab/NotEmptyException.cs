using System.Diagnostics.CodeAnalysis;
using Zab.Core.Tree;

namespace Zab;

/// <summary>The node cannot be deleted, as it has children.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Made by a session alone, which always has a path.")]
public sealed class NotEmptyException : ZabException
{
    internal NotEmptyException(string path)
        : base(ErrorCode.NotEmpty, path, $"The node '{path}' has children.")
    {
    }
}
