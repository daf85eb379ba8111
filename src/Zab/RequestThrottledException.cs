using System.Diagnostics.CodeAnalysis;
using Zab.Core.Tree;

namespace Zab;

/// <summary>There are too many requests under way; this one was not taken. Try again when others have ended.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Made by a session alone, which always has a path.")]
public sealed class RequestThrottledException : ZabException
{
    internal RequestThrottledException(string path, string why)
        : base(ErrorCode.ThrottledOp, path, $"{why} This call was not taken; try again when others have ended.")
    {
    }
}
