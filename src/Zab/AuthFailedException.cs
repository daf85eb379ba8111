using System.Diagnostics.CodeAnalysis;
using Zab.Core.Tree;

namespace Zab;

/// <summary>The credentials, or the password of the session, were refused.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Made by a session alone, which always has a path.")]
public sealed class AuthFailedException : ZabException
{
    internal AuthFailedException(string path)
        : base(
            ErrorCode.AuthFailed,
            path,
            $"The credentials were refused{(path.Length == 0 ? "" : $" ({path})")}.")
    {
    }
}
