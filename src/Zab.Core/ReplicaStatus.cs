using Zab.Core.Messages;
using Zab.Core.Primitives;

namespace Zab.Core;

/// <summary>What a replica is at the end of a turn.</summary>
/// <param name="State">What it does.</param>
/// <param name="Leader">Its leader; none while it looks for one.</param>
/// <param name="Epoch">The last epoch that it took over.</param>
/// <param name="IsServing">Whether clients are served.</param>
/// <param name="Logged">The end of its history.</param>
/// <param name="Applied">The last transaction that its state shows.</param>
/// <param name="Reason">Why it last left a role; empty when it never did.</param>
internal readonly record struct ReplicaStatus(
    ServerState State, ServerId Leader, int Epoch, bool IsServing, Zxid Logged, Zxid Applied, string Reason);
