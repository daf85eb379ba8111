using Zab.Core;
using Zab.Core.Primitives;

namespace Zab.Sessions;

/// <summary>A client that is not in this process, as the node's loop sees it: a session that lives for as
/// long as its client is heard, and whose answers and events go out in one ordered list.</summary>
/// <remarks>
/// <para>The loop calls <see cref="Add"/>, <see cref="Wake"/> and <see cref="End"/>; none of them may block,
/// wait or throw. What <see cref="Add"/> brings may be shown to the client once the state that it rests on is
/// published: an event at once, a reply when <see cref="Published.State"/> is at its zxid or beyond.</para>
/// <para>Requests go in through <see cref="Hosting.Fact.AskedRemotely"/>. Source: ZooKeeper
/// <c>ServerCnxn</c>.</para>
/// </remarks>
internal abstract class RemoteClient
{
    private int _wasHeard;
    private long _session;

    /// <summary>The session; none before it is opened. The loop sets it before the answer to the opening
    /// comes. Any thread may ask.</summary>
    public SessionId Session
    {
        get => new(Volatile.Read(ref _session));
        set => Volatile.Write(ref _session, value.Value);
    }

    /// <summary>The number of the request by which the session goes on here, until it is answered; null for a
    /// new session. The loop's.</summary>
    public int? MoveCxid { get; set; }

    /// <summary>Notes a sign of life. From any thread, at any time.</summary>
    public void Hear()
    {
        if (Volatile.Read(ref _wasHeard) == 0)
        {
            Volatile.Write(ref _wasHeard, 1);
        }
    }

    /// <summary>Whether there was a sign of life since this was last asked.</summary>
    public bool TakeHeard() => Interlocked.Exchange(ref _wasHeard, 0) != 0;

    /// <summary>Takes something for the client, after everything before it.</summary>
    public abstract void Add(in ClientOutput output);

    /// <summary>A turn ended in which there was something for the client; the state is published.</summary>
    public abstract void Wake();

    /// <summary>The client is served no more, and is to be cut off: it may go on with its session elsewhere,
    /// unless the session is over.</summary>
    public abstract void End();
}
