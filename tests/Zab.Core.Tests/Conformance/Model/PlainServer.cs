using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Core.Watches;

namespace Zab.Core.Tests.Conformance.Model;

/// <summary>A server alone, as plainly as can be: sessions, watches and the tree; every request is done at
/// once.</summary>
internal sealed class PlainServer
{
    public PlainTree Tree { get; } = new();

    public SortedDictionary<ulong, PlainSession> Sessions { get; } = [];

    public Zxid Last { get; private set; }

    public long Tick { get; set; }

    public long NowMs { get; set; }

    /// <summary>What each client is to learn, in order.</summary>
    public List<(SessionId Session, string Text)> Outputs { get; } = [];

    private long LastTimeMs { get; set; }

    private Zxid Next => Last == Zxid.None ? Zxid.Of(1, 1) : new Zxid(Last.Value + 1);

    public static string Describe(WatchEvent fired) => $"{fired.Type} {fired.Path} @{fired.Zxid}";

    public bool TryGet(SessionId id, out PlainSession session) =>
        Sessions.TryGetValue((ulong)id.Value, out session!);

    /// <summary>A client asks.</summary>
    public ClientReply Ask(ClientRequest request)
    {
        SessionId id = request.Session;
        bool exists = TryGet(id, out PlainSession? session);
        if (request.Op == OpCode.CreateSession)
            return OpenSession(request);
        if (request.Op == OpCode.MoveSession)
            return MoveSession(request, session);
        if (!exists || !session!.IsAttached)
            return Outcome(request, ErrorCode.SessionExpired);

        IReadOnlyList<Identity> who = session.Identities;
        return request.Op switch
        {
            OpCode.Auth => Authenticate(request, session),
            OpCode.WhoAmI => Outcome(request, ErrorCode.Ok) with { Identities = who },
            OpCode.Sync => Outcome(request, ErrorCode.Ok),
            OpCode.AddWatch or OpCode.RemoveWatches or OpCode.CheckWatches =>
                Outcome(request, AboutWatches(session, request)),
            OpCode.SetWatches or OpCode.SetWatches2 => SetWatches(session, request),
            OpCode.Check or OpCode.DeleteContainer => Outcome(request, ErrorCode.Unimplemented),
            OpCode.CloseSession => CloseSession(request, session),
            OpCode.MultiRead => ReadEach(request, who),
            _ => request.Op.IsWrite ? Write(request, session) : ReadOne(request, session),
        };
    }

    /// <summary>A tick passes: sessions end, then containers and nodes whose time is over.</summary>
    public void PassTick(int pingTicks)
    {
        Tick++;
        if (Tick % pingTicks == 0)
        {
            foreach (PlainSession session in Sessions.Values.Where(session => session.IsAttached))
            {
                Touch(session);
            }
        }

        string[] containers = [.. Over(node => node.IsContainer)];
        string[] timed = [.. Over(node => node.TtlMs > 0)];
        foreach (ulong id in Sessions.Where(pair => pair.Value.Deadline <= Tick).Select(pair => pair.Key).ToArray())
        {
            LastTimeMs = Math.Max(LastTimeMs, NowMs);
            bool isAttached = Sessions[id].IsAttached;
            End(new SessionId((long)id));
            if (isAttached)
                Outputs.Add((new SessionId((long)id), "expired"));
        }

        foreach (string path in (string[])[.. containers, .. timed])
        {
            LastTimeMs = Math.Max(LastTimeMs, NowMs);
            if (Tree.IsOver(path, LastTimeMs))
            {
                Last = Next;
                Delete(path);
            }
        }
    }

    private IEnumerable<string> Over(Func<PlainNode, bool> isOfKind) => Tree.Nodes
        .Where(pair => isOfKind(pair.Value) && Tree.IsOver(pair.Key, NowMs))
        .Select(pair => pair.Key)
        .Order(StringComparer.Ordinal);

    private ClientReply Authenticate(ClientRequest request, PlainSession session)
    {
        session.Identities = [.. session.Identities.Union(request.Identities ?? [])];
        return Outcome(request, ErrorCode.Ok) with { Identities = session.Identities };
    }

    private ClientReply OpenSession(ClientRequest request)
    {
        LastTimeMs = Math.Max(LastTimeMs, NowMs);
        Last = Next;
        PlainSession session = new()
        {
            TimeoutMs = Math.Max(request.TimeoutMs, Solo.TickMs),
            IsAttached = true,
            Identities = [.. request.Identities ?? []],
        };
        Touch(session);
        Sessions.Add((ulong)request.Session.Value, session);
        ClientReply reply = Outcome(request, ErrorCode.Ok) with { TimeoutMs = session.TimeoutMs };
        Keep(request, session, reply);
        return reply;
    }

    private ClientReply MoveSession(ClientRequest request, PlainSession? session)
    {
        if (session is null)
            return Outcome(request, ErrorCode.SessionExpired);

        if (session.IsAttached)
            Outputs.Add((request.Session, "moved"));

        LastTimeMs = Math.Max(LastTimeMs, NowMs);
        Last = Next;
        session.IsAttached = true;
        session.Watches.Clear();
        session.Identities = [.. request.Identities ?? []];
        Touch(session);
        return Outcome(request, ErrorCode.Ok) with { TimeoutMs = session.TimeoutMs, Count = session.LastKept };
    }

    private ClientReply CloseSession(ClientRequest request, PlainSession session)
    {
        if (request.IsKept && request.Cxid <= session.LastKept)
            return AskedAgain(request, session);

        LastTimeMs = Math.Max(LastTimeMs, NowMs);
        End(request.Session);
        return Outcome(request, ErrorCode.Ok);
    }

    private void End(SessionId id)
    {
        Last = Next;
        foreach (string path in Tree.Nodes.Where(pair => pair.Value.Owner == id).Select(pair => pair.Key)
            .Order(StringComparer.Ordinal).ToArray())
        {
            Delete(path);
        }

        Sessions.Remove((ulong)id.Value);
    }

    private ClientReply AskedAgain(ClientRequest request, PlainSession session) =>
        session.Kept.TryGetValue(request.Cxid, out ClientReply kept)
            ? kept
            : Outcome(request, ErrorCode.RuntimeInconsistency); // as a whole: no operation of it alone

    private ClientReply Write(ClientRequest request, PlainSession session)
    {
        if (request.IsKept && request.Cxid <= session.LastKept)
            return AskedAgain(request, session);

        LastTimeMs = Math.Max(LastTimeMs, NowMs);
        Dictionary<string, PlainNode> before = Tree.Copy();
        List<Action> events = [];
        List<OpResult> results = [];
        bool isMulti = request.Op == OpCode.Multi;
        foreach (ClientRequest part in isMulti ? request.Operations! : [request])
        {
            OpResult result = default;
            ErrorCode error = isMulti && !part.Op.IsPartOfMulti
                ? ErrorCode.MarshallingError
                : Do(part with { Session = request.Session }, session.Identities, events, out result);
            if (error != ErrorCode.Ok)
            {
                Tree.Restore(before);
                return Outcome(request, error) with
                {
                    Results = isMulti ? Refused(request, results.Count, error) : null,
                };
            }

            results.Add(result);
        }

        Last = Next;
        Touch(session);
        events.ForEach(one => one());
        ClientReply reply = Outcome(request, ErrorCode.Ok) with
        {
            Path = isMulti ? null : results[0].Path,
            Stat = isMulti ? default : results[0].Stat,
            Results = isMulti ? results : null,
        };
        Keep(request, session, reply);
        return reply;
    }

    private ErrorCode Do(ClientRequest part, IReadOnlyList<Identity> who, List<Action> events, out OpResult result)
    {
        string path = part.Path;
        AclEntry[]? last = Tree.Nodes.GetValueOrDefault(path)?.Acl;
        ErrorCode error = part.Op switch
        {
            OpCode.Delete => Tree.Delete(part, who, hasSession: true, Next),
            OpCode.SetData => Tree.Set(part, who, hasSession: true, Next, LastTimeMs),
            OpCode.SetAcl => Tree.SetAcl(part, who, hasSession: true),
            OpCode.Check => Tree.Check(part, who, hasSession: true),
            _ => Tree.Create(part, who, hasSession: true, Next, LastTimeMs, out path),
        };
        result = new OpResult { Op = part.Op, Path = path };
        if (error != ErrorCode.Ok || part.Op == OpCode.Check)
            return error;
        if (part.Op != OpCode.Delete)
            result = result with { Stat = Tree.StatOf(path) };

        AclEntry[]? own = part.Op == OpCode.Delete ? last : Tree.Nodes[path].Acl;
        AclEntry[]? parent = Tree.Nodes[PlainTree.ParentOf(path)].Acl;
        if (part.Op == OpCode.Delete)
            events.Add(() => Fire(WatchEventType.NodeDeleted, path, own, parent));
        else if (part.Op == OpCode.SetData)
            events.Add(() => Fire(WatchEventType.NodeDataChanged, path, own, parent));
        else if (part.Op != OpCode.SetAcl)
            events.Add(() => Fire(WatchEventType.NodeCreated, path, own, parent));

        return ErrorCode.Ok;
    }

    private void Delete(string path)
    {
        AclEntry[]? own = Tree.Nodes[path].Acl;
        Tree.Remove(path, Last);
        Fire(WatchEventType.NodeDeleted, path, own, Tree.Nodes[PlainTree.ParentOf(path)].Acl);
    }

    private static void Keep(ClientRequest request, PlainSession session, ClientReply reply)
    {
        if (request.AnsweredUpTo is not { } answered)
            return;

        foreach (int cxid in session.Kept.Keys.Where(cxid => cxid <= answered).ToArray())
        {
            session.Kept.Remove(cxid);
        }

        session.Kept.Add(request.Cxid, reply);
        session.LastKept = request.Cxid;
    }

    private static OpResult[]? Refused(ClientRequest request, int failedAt, ErrorCode error) => request.Op != OpCode.Multi
        ? null
        :
        [
            .. request.Operations!.Select((part, i) => new OpResult
            {
                Op = part.Op,
                Path = part.Path,
                Error = i < failedAt ? ErrorCode.Ok : i == failedAt ? error : ErrorCode.RuntimeInconsistency,
            }),
        ];

    private ClientReply ReadOne(ClientRequest request, PlainSession session)
    {
        ClientReply reply = Read(request, session.Identities);
        if (!request.Watch)
            return reply;
        if (request.Op == OpCode.Exists && reply.Error is ErrorCode.Ok or ErrorCode.NoNode)
            session.Watches.Add((request.Path, WatchMode.Data));
        else if (request.Op == OpCode.GetData && reply.Error == ErrorCode.Ok)
            session.Watches.Add((request.Path, WatchMode.Data));
        else if (request.Op is OpCode.GetChildren or OpCode.GetChildren2 && reply.Error == ErrorCode.Ok)
            session.Watches.Add((request.Path, WatchMode.Children));

        return reply;
    }

    private ClientReply ReadEach(ClientRequest request, IReadOnlyList<Identity> who)
    {
        List<OpResult> results = [];
        foreach (ClientRequest part in request.Operations!)
        {
            if (part.Op is not (OpCode.GetData or OpCode.GetChildren))
                return Outcome(request, ErrorCode.MarshallingError);

            ClientReply one = Read(part, who);
            results.Add(new OpResult
            {
                Op = part.Op,
                Error = one.Error,
                Path = part.Path,
                Stat = one.Stat,
                Data = one.Data,
                Children = one.Children,
            });
        }

        return Outcome(request, ErrorCode.Ok) with { Results = results };
    }

    private ClientReply Read(ClientRequest request, IReadOnlyList<Identity> who)
    {
        string path = request.Path;
        ClientReply reply = Outcome(request, ErrorCode.Ok);
        if (request.Op == OpCode.GetEphemerals)
        {
            return reply with
            {
                Children =
                [
                    .. Tree.Nodes.Where(pair => pair.Value.Owner == request.Session && pair.Key.StartsWith(path, StringComparison.Ordinal))
                        .Select(pair => pair.Key).Order(StringComparer.Ordinal),
                ],
            };
        }

        if (request.Op == OpCode.Exists && path.Contains('\0', StringComparison.Ordinal))
            return reply with { Error = ErrorCode.BadArguments };
        if (!Tree.Nodes.TryGetValue(path, out PlainNode? node))
            return reply with { Error = ErrorCode.NoNode };

        bool isAdmin = PlainTree.Allows(node.Acl, AclPermissions.Admin, who);
        bool isReader = PlainTree.Allows(node.Acl, AclPermissions.Read, who);
        if (!isReader && !(request.Op == OpCode.GetAcl && isAdmin))
            return reply with { Error = ErrorCode.NoAuth };

        reply = reply with { Stat = Tree.StatOf(path) with { DataLength = Tree.DataOf(path)?.Length ?? 0 } };
        return request.Op switch
        {
            OpCode.GetData => reply with
            {
                Data = Tree.DataOf(path) is { } data ? data : (ReadOnlyMemory<byte>?)null,
            },
            OpCode.GetAcl => reply with { Acl = Shown(node.Acl, isAdmin) },
            OpCode.GetAllChildrenNumber => reply with { Count = Tree.Below(path).Nodes },
            OpCode.GetChildren or OpCode.GetChildren2 => reply with
            {
                Children =
                [
                    .. Tree.ChildrenOf(path)
                        .Where(name => string.CompareOrdinal(name, request.After ?? "") > 0)
                        .Take(request.Limit > 0 ? request.Limit : int.MaxValue),
                ],
            },
            _ => reply,
        };
    }

    private static Acl Shown(AclEntry[]? acl, bool isAdmin) => acl is null
        ? new Acl(new AclEntry(AclPermissions.All, "world", "anyone"))
        : new Acl(acl.Select(entry => isAdmin || entry.Scheme != "digest"
            ? entry
            : entry with { Id = $"{entry.Id.Split(':')[0]}:x" }));

    private static ErrorCode AboutWatches(PlainSession session, ClientRequest request)
    {
        if (request.Op == OpCode.AddWatch)
        {
            if (request.WatchMode is not (WatchMode.Persistent or WatchMode.PersistentRecursive))
                return ErrorCode.BadArguments;

            session.Watches.Add((request.Path, request.WatchMode.Value));
            return ErrorCode.Ok;
        }

        int count = request.Op == OpCode.CheckWatches
            ? session.Watches.Count(IsMeant)
            : session.Watches.RemoveWhere(watch => IsMeant(watch));
        return count > 0 ? ErrorCode.Ok : ErrorCode.NoWatcher;

        bool IsMeant((string Path, WatchMode Mode) watch) =>
            watch.Path == request.Path && (request.WatchMode is null || watch.Mode == request.WatchMode);
    }

    private ClientReply SetWatches(PlainSession session, ClientRequest request)
    {
        WatchSet set = request.Watches!;
        foreach (string path in set.Data)
        {
            Tell(path, WatchMode.Data, !Tree.Nodes.TryGetValue(path, out PlainNode? node) ? WatchEventType.NodeDeleted
                : node.Mzxid > set.Seen ? WatchEventType.NodeDataChanged : null);
        }

        foreach (string path in set.Exist)
        {
            Tell(path, WatchMode.Data, Tree.Nodes.ContainsKey(path) ? WatchEventType.NodeCreated : null);
        }

        foreach (string path in set.Children)
        {
            Tell(path, WatchMode.Children, !Tree.Nodes.TryGetValue(path, out PlainNode? node) ? WatchEventType.NodeDeleted
                : node.Pzxid > set.Seen ? WatchEventType.NodeChildrenChanged : null);
        }

        session.Watches.UnionWith(set.Persistent.Select(path => (path, WatchMode.Persistent)));
        session.Watches.UnionWith(set.PersistentRecursive.Select(path => (path, WatchMode.PersistentRecursive)));
        return Outcome(request, ErrorCode.Ok);

        void Tell(string path, WatchMode mode, WatchEventType? missed)
        {
            if (missed is { } type)
                Outputs.Add((request.Session, Describe(new WatchEvent(type, path, Zxid.None))));
            else
                session.Watches.Add((path, mode));
        }
    }

    /// <summary>Tells each session, by the trigger table.</summary>
    private void Fire(WatchEventType type, string path, AclEntry[]? own, AclEntry[]? parent)
    {
        foreach ((ulong id, PlainSession session) in Sessions)
        {
            HashSet<(string Path, WatchMode Mode)> watches = session.Watches;
            bool heard = watches.Contains((path, WatchMode.Persistent)) | watches.Remove((path, WatchMode.Data))
                || watches.Any(watch => watch.Mode == WatchMode.PersistentRecursive
                    && (watch.Path == "/" || watch.Path == path
                        || (watch.Path.Length > 0 && path.StartsWith($"{watch.Path}/", StringComparison.Ordinal))));
            if (type == WatchEventType.NodeDeleted)
                heard |= watches.Remove((path, WatchMode.Children));
            Tell(heard, type, path, own);
            if (type == WatchEventType.NodeDataChanged)
                continue;

            string above = PlainTree.ParentOf(path);
            bool ofChildren = watches.Contains((above, WatchMode.Persistent)) | watches.Remove((above, WatchMode.Children));
            Tell(ofChildren, WatchEventType.NodeChildrenChanged, above, parent);

            void Tell(bool isDue, WatchEventType what, string where, AclEntry[]? acl)
            {
                if (isDue && PlainTree.Allows(acl, AclPermissions.Read, session.Identities))
                    Outputs.Add((new SessionId((long)id), Describe(new WatchEvent(what, where, Last))));
            }
        }
    }

    private void Touch(PlainSession session) => session.Deadline = Math.Max(
        session.Deadline, Tick + Math.Max(1, (session.TimeoutMs + Solo.TickMs - 1) / Solo.TickMs) + 1);

    private ClientReply Outcome(ClientRequest request, ErrorCode error) => new()
    {
        Session = request.Session,
        Cxid = request.Cxid,
        Zxid = Last,
        Error = error,
    };
}
