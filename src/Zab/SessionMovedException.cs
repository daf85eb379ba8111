using System.Diagnostics.CodeAnalysis;
using Zab.Core.Tree;

namespace Zab;

/// <summary>The session goes on elsewhere: it was resumed through another node, or again through this
/// one.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Made by a session alone, which always has a path.")]
public sealed class SessionMovedException : ZabException
{
    internal SessionMovedException(string path)
        : base(
            ErrorCode.SessionMoved,
            path,
            $"The session goes on through another node; the call on '{path}' was not done here.")
    {
    }
}
