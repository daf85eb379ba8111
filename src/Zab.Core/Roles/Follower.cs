using Zab.Core.Messages;
using Zab.Core.Primitives;
using Zab.Core.Recovery;

namespace Zab.Core.Roles;

/// <summary>A voter that follows: it logs proposals, and acknowledges them once they are on its
/// disk.</summary>
internal sealed class Follower(RoleContext context, ServerId leader) : Learner(context, leader)
{
    private bool _mustAck;

    /// <inheritdoc/>
    public override ServerState State => ServerState.Following;

    /// <summary>One ack for all that came in this turn, once it is on disk.</summary>
    /// <remarks>An ack promises that the proposals survive a crash of this server: a leader that counted it
    /// sooner could commit a lost write (R1). Until NEWLEADER is acknowledged nothing else is (R3,
    /// ZB-17).</remarks>
    public override void EndTurn()
    {
        if (_mustAck && HasAdopted && LeaderLink is { } link)
        {
            _mustAck = false;
            Message ack = ProtocolMessages.UpTo(MessageType.Ack, Context.Log.Last.Zxid);
            Context.Outbox.SendWhenDurable(link, ack);
        }
    }

    /// <summary>Logs a proposal. Source: Zab paper, step f.3.</summary>
    protected override bool TryTakeEntry(in Message entry)
    {
        if (entry.Type != MessageType.Proposal || !Context.Log.TryAppend(entry.Position, entry.Body))
        {
            return false;
        }

        _mustAck |= HasAdopted;
        return true;
    }
}
