using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Zab.Core.Tree;

namespace Zab;

/// <summary>The session has as many watches as <see cref="ZabNodeOptions.SessionWatchesMax"/> allows. This
/// one was not left, and what was to be read with it was not read.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Made by a session alone, which always has a path.")]
public sealed class TooManyWatchesException : ZabException
{
    internal TooManyWatchesException(string path, int watchesMax)
        : base(
            ErrorCode.ThrottledOp,
            path,
            string.Create(
                CultureInfo.InvariantCulture,
                $"The session has {watchesMax} watches, and may have no more ") +
            $"({nameof(ZabNodeOptions.SessionWatchesMax)}). Dispose of some, " +
            "watch a subtree with one, or open another session.")
    {
    }
}
