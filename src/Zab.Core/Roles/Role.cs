using Zab.Core.Messages;
using Zab.Core.Ports;
using Zab.Core.Primitives;

namespace Zab.Core.Roles;

/// <summary>What a server is at present. A role is made new each time, and never comes back once it was
/// left.</summary>
internal abstract class Role
{
    /// <summary>What peers are told that this server does.</summary>
    public abstract ServerState State { get; }

    /// <summary>The leader that this server follows or is; none while looking.</summary>
    public abstract ServerId LeaderId { get; }

    /// <summary>Whether clients may be served: the role is part of an established ensemble.</summary>
    public virtual bool IsServing => false;

    /// <summary>Why the role must be left; null while it may go on.</summary>
    public string? LeaveReason { get; private set; }

    /// <summary>A quorum link came up.</summary>
    public abstract void OnLinkUp(Link link);

    /// <summary>A quorum link is gone.</summary>
    public abstract void OnLinkDown(Link link, string reason);

    /// <summary>A message came on a quorum link that is up.</summary>
    public abstract void Step(Link link, in Message message);

    /// <summary>A server could not be dialled.</summary>
    public virtual void OnConnectFailed(ServerId peer, string reason)
    {
    }

    /// <summary>The disk has come further.</summary>
    public virtual void OnPersisted()
    {
    }

    /// <summary>A tick passed.</summary>
    public abstract void Tick();

    /// <summary>A turn ends: what was gathered may leave together.</summary>
    public virtual void EndTurn()
    {
    }

    /// <summary>Asks to leave the role. The first reason stands.</summary>
    public void Leave(string reason) => LeaveReason ??= reason;
}
