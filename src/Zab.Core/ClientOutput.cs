using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Watches;

namespace Zab.Core;

/// <summary>Something for one client, in the order in which it must learn of it: exactly one of the four is
/// set.</summary>
/// <remarks>Small, as a change that many watch makes a million of them: the reply, which is large, lies
/// beside it.</remarks>
internal readonly record struct ClientOutput
{
    private readonly LargeReply? _reply;

    /// <param name="session">The client's session.</param>
    /// <param name="reply">The answer to a request.</param>
    /// <param name="fired">A watch that fired.</param>
    /// <param name="expired">Whether the session is over, and not because the client closed it.</param>
    /// <param name="moved">Whether the session goes on at another server, or through a newer client at this
    /// one.</param>
    public ClientOutput(
        SessionId session,
        in ClientReply? reply = null,
        WatchEvent? fired = null,
        bool expired = false,
        bool moved = false)
    {
        Session = session;
        _reply = reply is { } answer ? new LargeReply(answer) : null;
        Event = fired;
        Expired = expired;
        Moved = moved;
    }

    /// <summary>The client's session.</summary>
    public SessionId Session { get; }

    /// <summary>The answer to a request.</summary>
    public ClientReply? Reply => _reply?.Value;

    /// <summary>A watch that fired.</summary>
    public WatchEvent? Event { get; }

    /// <summary>The session is over, and not because the client closed it.</summary>
    public bool Expired { get; }

    /// <summary>The session goes on at another server, or through a newer client at this one.</summary>
    public bool Moved { get; }

    /// <summary>The state that it shows: the client may learn of it once that state is published.</summary>
    public Zxid At => _reply?.Value.Zxid
        ?? (Event is { } fired && fired.Zxid > ToldAt ? fired.Zxid : ToldAt);

    /// <summary>For an event that names no transaction: the state when it was told.</summary>
    public Zxid ToldAt { get; init; }

    private sealed record LargeReply(ClientReply Value);
}
