using Zab.Core.Messages;
using Zab.Core.Primitives;

namespace Zab.Core.Roles;

/// <summary>A server that learns and serves, and never votes: it is sent only what is committed.</summary>
internal sealed class Observer(RoleContext context, ServerId leader) : Learner(context, leader)
{
    /// <inheritdoc/>
    public override ServerState State => ServerState.Observing;

    /// <summary>Logs a committed transaction. Source: ZooKeeper <c>Observer.processPacket</c>,
    /// INFORM.</summary>
    /// <remarks>Before UPTODATE the epoch may not be established, and nothing of it is applied.</remarks>
    protected override bool TryTakeEntry(in Message entry)
    {
        if (entry.Type != MessageType.Inform || !Context.Log.TryAppend(entry.Position, entry.Body))
        {
            return false;
        }

        if (IsServing)
        {
            Context.Log.CommitTo(entry.Zxid);
        }

        return true;
    }
}
