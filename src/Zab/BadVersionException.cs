using System.Diagnostics.CodeAnalysis;
using Zab.Core.Tree;

namespace Zab;

/// <summary>The version of the node is not the one that the caller named.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Made by a session alone, which always has a path.")]
public sealed class BadVersionException : ZabException
{
    internal BadVersionException(string path)
        : base(ErrorCode.BadVersion, path, $"The node '{path}' has another version.")
    {
    }
}
