using Zab.Core.Requests;

namespace Zab.Core;

/// <summary>A request that waits: for its commit, or for the requests of its session before it.</summary>
/// <param name="request">The request.</param>
/// <param name="number">How many its server had taken from all its clients before this one.</param>
internal sealed class PendingRequest(ClientRequest request, long number)
{
    /// <summary>The request.</summary>
    public ClientRequest Request => request;

    /// <summary>How many its server had taken from all its clients before this one.</summary>
    public long Number => number;

    /// <summary>Whether it waits for a barrier of its session before it, and the leader has not been asked
    /// yet.</summary>
    public bool IsHeld { get; set; }

    /// <summary>How often it was asked again, of one leader after another.</summary>
    public int Asked { get; set; }

    /// <summary>The answer, once it is known.</summary>
    public ClientReply? Reply { get; set; }
}
