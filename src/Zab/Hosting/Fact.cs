using Zab.Core;
using Zab.Core.Messages;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Sessions;

namespace Zab.Hosting;

/// <summary>Something that happened, on its way to the node's loop.</summary>
internal abstract record Fact
{
    /// <summary>Nothing but a reason to begin a turn: the clock, or the disk, has moved on.</summary>
    public static Fact Woken { get; } = new WakeUp();

    /// <summary>A link came up.</summary>
    public sealed record LinkUp(Link Link) : Fact;

    /// <summary>A link is gone.</summary>
    public sealed record LinkDown(Link Link, string Reason) : Fact;

    /// <summary>A server could not be dialled.</summary>
    public sealed record ConnectFailed(ServerId Peer, string Reason) : Fact;

    /// <summary>Messages came, in order.</summary>
    public sealed record Received(Link Link, IReadOnlyList<Message> Messages) : Fact;

    /// <summary>A session of this node asks something.</summary>
    public sealed record Asked(Call Call) : Fact;

    /// <summary>A client that is not in this process asks, in this order.</summary>
    public sealed record AskedRemotely(RemoteClient Client, IReadOnlyList<ClientRequest> Requests) : Fact;

    /// <summary>A client that is not in this process is gone.</summary>
    public sealed record Left(RemoteClient Client) : Fact;

    /// <summary>Someone looks at what is the loop's own; at null when the node has ended. It does not
    /// throw.</summary>
    public sealed record LookedAt(Action<Replica?> Look) : Fact;

    /// <summary>A snapshot was published, or came to nothing.</summary>
    public sealed record SnapshotEnded(LogPosition Position, Exception? Failure) : Fact;

    private sealed record WakeUp : Fact;
}
