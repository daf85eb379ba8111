using System.Diagnostics.CodeAnalysis;
using Zab.Core.Tree;

namespace Zab;

/// <summary>The permissions of the node (for a create or delete: of its parent) do not let this session do
/// that.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Made by a session alone, which always has a path.")]
public sealed class NoAuthException : ZabException
{
    internal NoAuthException(string path)
        : base(
            ErrorCode.NoAuth,
            path,
            $"The session may not do that to '{path}'. WhoAmIAsync tells who it is, GetAclAsync the " +
            "permissions; a create or delete needs the parent's.")
    {
    }
}
