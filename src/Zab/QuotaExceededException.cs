using System.Diagnostics.CodeAnalysis;
using Zab.Core.Tree;

namespace Zab;

/// <summary>A quota would be exceeded, or the session would own too many ephemeral nodes.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Made by a session alone, which always has a path.")]
public sealed class QuotaExceededException : ZabException
{
    internal QuotaExceededException(string path)
        : base(
            ErrorCode.QuotaExceeded,
            path,
            $"The call on '{path}' would exceed a hard quota of the node or of one above it, or the most " +
            "ephemeral nodes of a session. Delete something, or raise the limit.")
    {
    }
}
