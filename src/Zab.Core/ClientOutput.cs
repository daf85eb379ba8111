using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Watches;

namespace Zab.Core;

/// <summary>Something for one client, in the order in which it must learn of it: exactly one of the four is
/// set.</summary>
/// <param name="Session">The client's session.</param>
/// <param name="Reply">The answer to a request.</param>
/// <param name="Event">A watch that fired.</param>
/// <param name="Expired">The session is over, and not because the client closed it.</param>
/// <param name="Moved">The session goes on at another server, or through a newer client at this one.</param>
internal readonly record struct ClientOutput(
    SessionId Session,
    ClientReply? Reply = null,
    WatchEvent? Event = null,
    bool Expired = false,
    bool Moved = false)
{
    /// <summary>The state that it shows: the client may learn of it once that state is published.</summary>
    public Zxid At => Reply?.Zxid ?? (Event is { } fired && fired.Zxid > ToldAt ? fired.Zxid : ToldAt);

    /// <summary>For an event that names no transaction: the state when it was told.</summary>
    public Zxid ToldAt { get; init; }
}
