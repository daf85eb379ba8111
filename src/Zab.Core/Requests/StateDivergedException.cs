using System;
using System.Diagnostics.CodeAnalysis;
using Zab.Core.Primitives;

namespace Zab.Core.Requests;

/// <summary>A transaction led to another state here than on the leader that made it (R25): this state must
/// not be served.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Made in one place, which knows the zxid.")]
[SuppressMessage("Design", "CA1064", Justification = "It never leaves the core.")]
internal sealed class StateDivergedException(Zxid zxid) : Exception(
    $"The state of this server differs from the leader's after transaction {zxid}.")
{
    /// <summary>The first transaction after which the states differ.</summary>
    public Zxid Zxid => zxid;
}
