using System.Collections.Generic;
using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Core.Watches;

namespace Zab.Core;

/// <summary>The watches of the clients that are attached to this server: who gets which event.</summary>
/// <param name="access">Who may read what.</param>
/// <param name="sessionWatchesMax">The most nodes that one session may watch.</param>
/// <param name="watchesMax">The most watches that all of them may have, but for
/// <see cref="SessionWatchesKept"/> of each.</param>
internal sealed class WatchDesk(AccessRules access, int sessionWatchesMax, int watchesMax)
{
    /// <summary>How many watches a session may have however many the others have.</summary>
    private const int SessionWatchesKept = 100;

    private const long SessionLettersKept = 16 * 1024;
    private const long SessionLettersMax = 8 * 1024 * 1024;
    private const long LettersOfWatch = 64; // what all sessions have is counted as this for each watch

    private readonly List<(SessionId Session, WatchEvent Event)> _fired = [];

    /// <summary>The watches, for people and for checks.</summary>
    public WatchRegistry Registry { get; } = new();

    /// <summary>Fires the watches of a change.</summary>
    /// <remarks>A watch is used up, but its event is kept from a client that may not read the node (of a
    /// change of the children: the parent). Source: ZooKeeper 3.9.2, CVE-2024-23944.</remarks>
    /// <param name="change">The change.</param>
    /// <param name="zxid">The transaction that made it.</param>
    /// <param name="sessions">The attached sessions.</param>
    /// <param name="outputs">Gets the events, in order.</param>
    public void Fire(
        in ZnodeChange change,
        Zxid zxid,
        SortedDictionary<long, ClientSession> sessions,
        List<ClientOutput> outputs)
    {
        Registry.Fire(change, zxid, _fired);
        foreach ((SessionId session, WatchEvent fired) in _fired)
        {
            Acl? acl = fired.Type == WatchEventType.NodeChildrenChanged ? change.ParentAcl : change.Acl;
            if (access.Allows(acl, AclPermissions.Read, who: null)
                || access.Allows(acl, AclPermissions.Read, sessions[session.Value].Identities))
            {
                outputs.Add(new ClientOutput(session, fired: fired));
            }
        }

        _fired.Clear();
    }

    /// <summary>Answers a request that is about watches, in the state at <paramref name="at"/>.</summary>
    public ErrorCode Answer(in ClientRequest request, ZnodeTree tree, Zxid at, List<ClientOutput> outputs)
    {
        if (request.Op == OpCode.AddWatch)
        {
            if (request.WatchMode is not (WatchMode.Persistent or WatchMode.PersistentRecursive))
            {
                return ErrorCode.BadArguments;
            }

            Registry.Add(request.Session, request.Path, request.WatchMode.Value);
            return ErrorCode.Ok;
        }

        if (request.Op is OpCode.RemoveWatches or OpCode.CheckWatches)
        {
            bool exists = request.Op == OpCode.RemoveWatches
                ? Registry.Remove(request.Session, request.Path, request.WatchMode)
                : Registry.Contains(request.Session, request.Path, request.WatchMode);
            return exists ? ErrorCode.Ok : ErrorCode.NoWatcher;
        }

        Invariant.Holds(request.Op is OpCode.SetWatches or OpCode.SetWatches2);
        if (request.Watches is not { } watches)
        {
            return ErrorCode.MarshallingError;
        }

        SetAgain(request.Session, watches, tree, at, outputs);
        return ErrorCode.Ok;
    }

    /// <summary>Whether the watches that a request leaves are not too many, for its session or for all, nor
    /// their paths too long.</summary>
    /// <remarks>A few are left to each session, and short paths: whoever takes all that there are takes none
    /// from a client that asks for little.</remarks>
    public bool HasRoomFor(in ClientRequest request)
    {
        (int nodes, int watches, long letters) = AddedBy(request);
        (long allWatches, long allLetters) = ((long)Registry.Count + watches, Registry.Letters + letters);
        (int nodesBefore, int watchesBefore, long lettersBefore) = Registry.SizeOf(request.Session);
        (long ownNodes, long ownWatches) = ((long)nodesBefore + nodes, (long)watchesBefore + watches);
        long ownLetters = lettersBefore + letters;

        bool isTooGreat = ownNodes > sessionWatchesMax || ownLetters > SessionLettersMax;
        bool isSmall = ownWatches <= SessionWatchesKept && ownLetters <= SessionLettersKept;
        bool isFull = allWatches > watchesMax || allLetters > watchesMax * LettersOfWatch;
        return !isTooGreat && (isSmall || !isFull || watches == 0);
    }

    /// <summary>What a session would watch in addition, were every watch of a request left: nodes, watches,
    /// and how long the paths of those nodes are together, in UTF-16 units.</summary>
    private (int Nodes, int Watches, long Letters) AddedBy(in ClientRequest request)
    {
        if (request.Watches is { } set)
        {
            return Registry.AddedBy(request.Session, set.All);
        }

        bool isWatched = Registry.Contains(request.Session, request.Path, mode: null);
        bool isThere = ReadProcessor.WatchLeftBy(request, ErrorCode.Ok) is not { } mode
            || Registry.Contains(request.Session, request.Path, mode);
        return (isWatched ? 0 : 1, isThere ? 0 : 1, isWatched ? 0 : request.Path.Length);
    }

    /// <summary>Sets the watches of a client that comes back, and tells it at once of what has changed since
    /// it was last here.</summary>
    /// <remarks>Source: ZooKeeper <c>DataTree.setWatches</c>. What watches that stay have missed is not told
    /// again.</remarks>
    private void SetAgain(
        SessionId session, WatchSet watches, ZnodeTree tree, Zxid at, List<ClientOutput> outputs)
    {
        foreach (string path in watches.Data)
        {
            WatchEventType missed = !tree.TryGet(path, out ZnodeView node) ? WatchEventType.NodeDeleted
                : node.Stat.Mzxid > watches.Seen ? WatchEventType.NodeDataChanged
                : WatchEventType.None;
            TellOrAdd(session, path, WatchMode.Data, missed, at, outputs);
        }

        foreach (string path in watches.Exist)
        {
            WatchEventType missed =
                tree.TryGet(path, out _) ? WatchEventType.NodeCreated : WatchEventType.None;
            TellOrAdd(session, path, WatchMode.Data, missed, at, outputs);
        }

        foreach (string path in watches.Children)
        {
            WatchEventType missed = !tree.TryGet(path, out ZnodeView node) ? WatchEventType.NodeDeleted
                : node.Stat.Pzxid > watches.Seen ? WatchEventType.NodeChildrenChanged
                : WatchEventType.None;
            TellOrAdd(session, path, WatchMode.Children, missed, at, outputs);
        }

        foreach (string path in watches.Persistent)
        {
            Registry.Add(session, path, WatchMode.Persistent);
        }

        foreach (string path in watches.PersistentRecursive)
        {
            Registry.Add(session, path, WatchMode.PersistentRecursive);
        }
    }

    private void TellOrAdd(
        SessionId session,
        string path,
        WatchMode mode,
        WatchEventType missed,
        Zxid at,
        List<ClientOutput> outputs)
    {
        if (missed == WatchEventType.None)
        {
            Registry.Add(session, path, mode);
        }
        else
        {
            // No transaction is named: the client missed it.
            WatchEvent told = new(missed, path, Zxid.None);
            outputs.Add(new ClientOutput(session, fired: told) { ToldAt = at });
        }
    }
}
