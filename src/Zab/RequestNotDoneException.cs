using System.Diagnostics.CodeAnalysis;
using Zab.Core.Tree;

namespace Zab;

/// <summary>A leader refused the call and was lost before it could say why. The call was not done, and will never
/// be.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Made by a session alone, which always has a path.")]
public sealed class RequestNotDoneException : ZabException
{
    internal RequestNotDoneException(string path)
        : base(
            ErrorCode.RuntimeInconsistency,
            path,
            $"The call on '{path}' was refused by a leader that was lost before it said why. It was not done.")
    {
    }
}
