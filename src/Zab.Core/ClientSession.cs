using System.Collections.Generic;
using Zab.Core.Primitives;

namespace Zab.Core;

/// <summary>A session whose client is attached to this server, with its requests that are not answered yet,
/// in order.</summary>
internal sealed class ClientSession(SessionId id)
{
    /// <summary>The session.</summary>
    public SessionId Id => id;

    /// <summary>Whether its creation has been committed.</summary>
    public bool IsOpen { get; set; }

    /// <summary>The unanswered requests, oldest first.</summary>
    public Queue<PendingRequest> Pending { get; } = new();
}
