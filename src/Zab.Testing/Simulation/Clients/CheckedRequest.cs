using Zab.Core.Primitives;
using Zab.Core.Requests;

namespace Zab.Testing.Simulation.Clients;

/// <summary>A request, and what has become of it.</summary>
internal sealed class CheckedRequest(ClientRequest request)
{
    /// <summary>The request.</summary>
    public ClientRequest Request => request;

    /// <summary>The request as the leader sees it: from whoever its client was when it asked.</summary>
    public ClientRequest Effective => request with { Identities = Identities.Who };

    /// <summary>Who its client was when it asked, the last time.</summary>
    public required CheckedIdentities Identities { get; set; }

    /// <summary>For a request that says who its client is: what it says.</summary>
    public CheckedIdentities? Tells { get; init; }

    /// <summary>Its place among the session's requests, from 1.</summary>
    public int Number { get; init; }

    /// <summary>The newest write that anyone had been told to be done when it was asked.</summary>
    public Zxid AckedBefore { get; init; }

    /// <summary>The newest state that its session knew of when it was asked.</summary>
    public Zxid SeenBefore { get; init; }

    /// <summary>Whether the server had applied anything when it was asked. If so, an answer without a zxid
    /// can only mean that it was turned away at the door.</summary>
    public bool IsAtKnownState { get; set; }

    /// <summary>Where it was asked, and up to which request its client then had the answers.</summary>
    public List<(ServerId Server, int? AnsweredUpTo)> Attempts { get; } = [];

    /// <summary>Whether its client may ask it again.</summary>
    public bool IsKept => request.AnsweredUpTo is not null;

    /// <summary>The place of its transaction in the committed sequence; none while it has none.</summary>
    public Zxid CommittedAt { get; set; }

    /// <summary>Whether its client was told that it was not done and never will be.</summary>
    public bool IsRefused { get; set; }

    /// <summary>For one whose answer is lost: the last of its session's requests on the same
    /// connection.</summary>
    public int LostWith { get; set; }
}
