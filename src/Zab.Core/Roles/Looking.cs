using Zab.Core.Messages;
using Zab.Core.Ports;
using Zab.Core.Primitives;

namespace Zab.Core.Roles;

/// <summary>Without a leader. The election itself runs on the election links; here only early learners are
/// met.</summary>
/// <remarks>A learner may dial before this server knows that it leads: its link stays up and its first
/// message waits in the replica, until this server leads or turns it away.</remarks>
internal sealed class Looking : Role
{
    /// <inheritdoc/>
    public override ServerState State => ServerState.Looking;

    /// <inheritdoc/>
    public override ServerId LeaderId => ServerId.None;

    /// <inheritdoc/>
    public override void OnLinkUp(Link link)
    {
    }

    /// <inheritdoc/>
    public override void OnLinkDown(Link link, string reason)
    {
    }

    /// <inheritdoc/>
    public override void Step(Link link, in Message message)
    {
    }

    /// <inheritdoc/>
    public override void Tick()
    {
    }
}
