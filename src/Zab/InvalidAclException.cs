using System.Diagnostics.CodeAnalysis;
using Zab.Core.Tree;

namespace Zab;

/// <summary>The list of permissions cannot be given to a node: it is empty, names a scheme that the servers lack,
/// or says <c>auth</c> for a session that has proved nothing.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Made by a session alone, which always has a path.")]
public sealed class InvalidAclException : ZabException
{
    internal InvalidAclException(string path)
        : base(
            ErrorCode.InvalidAcl,
            path,
            $"The permissions for '{path}' are empty, or name a scheme or an id that the servers do not accept.")
    {
    }
}
