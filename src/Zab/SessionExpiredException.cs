using System.Diagnostics.CodeAnalysis;
using Zab.Core.Tree;

namespace Zab;

/// <summary>The ensemble ended the session, and deleted its ephemeral nodes. Open another.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Made by a session alone, which always has a path.")]
public sealed class SessionExpiredException : ZabException
{
    internal SessionExpiredException(string path)
        : base(ErrorCode.SessionExpired, path, "The session has expired. Open another one.")
    {
    }
}
