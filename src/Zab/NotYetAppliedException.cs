using System.Diagnostics.CodeAnalysis;
using Zab.Core.Primitives;
using Zab.Core.Tree;

namespace Zab;

/// <summary>The node has not come that far: it does not know the transaction, or not yet.</summary>
/// <remarks>To wait for what was acknowledged elsewhere, call <see cref="IZabSession.SyncAsync"/>
/// first.</remarks>
[SuppressMessage("Design", "CA1032", Justification = "Made by a session alone, which always has a zxid.")]
public sealed class NotYetAppliedException : ZabException
{
    internal NotYetAppliedException(string path, Zxid asked, Zxid lastApplied)
        : base(
            ErrorCode.BadArguments,
            path,
            $"This node has applied transactions up to {lastApplied}, and was asked for the state at " +
            $"{asked}. Call SyncAsync before, if another node has acknowledged it.") =>
        LastApplied = lastApplied;

    /// <summary>The newest state that the node could show when it was asked.</summary>
    public Zxid LastApplied { get; }
}
