using System.Diagnostics.CodeAnalysis;
using Zab.Core.Primitives;
using Zab.Core.Tree;

namespace Zab;

/// <summary>The node does not keep the state of that time any more.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Made by a session alone, which always has a zxid.")]
public sealed class HistoryGoneException : ZabException
{
    internal HistoryGoneException(string path, Zxid asked, Zxid oldestKept)
        : base(
            ErrorCode.BadArguments,
            path,
            $"The state at {asked} is not kept any more; the oldest that is, is the one at {oldestKept}. " +
            $"{nameof(ZabNodeOptions.StatesKept)} and its neighbours say how many are.") =>
        OldestKept = oldestKept;

    /// <summary>The oldest state that the node could still show when it was asked.</summary>
    public Zxid OldestKept { get; }
}
