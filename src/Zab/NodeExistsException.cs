using System.Diagnostics.CodeAnalysis;
using Zab.Core.Tree;

namespace Zab;

/// <summary>The node exists already.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Made by a session alone, which always has a path.")]
public sealed class NodeExistsException : ZabException
{
    internal NodeExistsException(string path)
        : base(ErrorCode.NodeExists, path, $"The node '{path}' exists already.")
    {
    }
}
