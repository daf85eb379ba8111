using System;
using System.Collections.Generic;
using System.Text;
using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Sessions;
using Zab.Core.Tree;
using Zab.Core.Watches;

namespace Zab.Core.Requests;

/// <summary>Answers reads from a state. Pure: safe to call from many threads at once.</summary>
/// <remarks>Source: ZooKeeper <c>FinalRequestProcessor</c>.</remarks>
internal static class ReadProcessor
{
    // A request of a few bytes must not fill the memory: each of its reads may be of the same large node.
    private const long MultiReadBytesMax = 16 * 1024 * 1024;
    private const long NameBytes = 64; // what a name costs beside its letters, in memory and in time

    /// <summary>Answers a read.</summary>
    /// <param name="request">The request.</param>
    /// <param name="state">The state to answer from.</param>
    /// <param name="access">Who may read what.</param>
    /// <returns>The reply. A path that is malformed is merely not there. An operation that is no read:
    /// <see cref="ErrorCode.Unimplemented"/>.</returns>
    public static ClientReply Answer(in ClientRequest request, DataState state, AccessRules access)
    {
        ClientReply reply = new() { Session = request.Session, Cxid = request.Cxid, Zxid = state.LastZxid };
        if (!request.Op.IsRead)
            return reply with { Error = ErrorCode.Unimplemented };
        if (request is { ListsLater: true, Op: OpCode.MultiRead or OpCode.GetEphemerals })
            return reply with { State = state };
        if (request.Op == OpCode.MultiRead)
            return AnswerEach(request, state, access, reply);
        if (request.Op == OpCode.GetEphemerals)
            return reply with { Children = EphemeralsOf(request, state) };
        if (request.Op == OpCode.Exists && request.Path.Contains('\0', StringComparison.Ordinal))
            return reply with { Error = ErrorCode.BadArguments };

        AclPermissions wanted = request.Op == OpCode.GetAcl
            ? AclPermissions.Read | AclPermissions.Admin
            : AclPermissions.Read;
        ErrorCode error =
            Find(state, request.Path, access, request.Identities, out ZnodeView node, wanted);
        return error == ErrorCode.Ok
            ? AnswerFrom(node, request, state, access, reply)
            : reply with { Error = error };
    }

    /// <summary>Completes an answer that was made with <see cref="ClientRequest.ListsLater"/>, from the state
    /// that made it.</summary>
    /// <param name="request">The request, with who asked it.</param>
    /// <param name="reply">The answer.</param>
    /// <param name="access">Who may read what.</param>
    /// <returns>The answer as it would have been made at once; one without a state, or of another operation,
    /// as it is.</returns>
    public static ClientReply WithList(
        in ClientRequest request, in ClientReply reply, AccessRules access)
    {
        if (reply.State is not { } state || request.Op is not (OpCode.GetChildren or OpCode.GetChildren2
            or OpCode.MultiRead or OpCode.GetEphemerals))
        {
            return reply;
        }

        ClientReply answer = Answer(request with { ListsLater = false }, state, access);
        return reply with { Error = answer.Error, Children = answer.Children, Results = answer.Results };
    }

    /// <summary>Finds a node that someone wants to read.</summary>
    /// <param name="state">The state.</param>
    /// <param name="path">The node.</param>
    /// <param name="access">Who may read what.</param>
    /// <param name="who">Who asks.</param>
    /// <param name="node">The node, as it shows itself.</param>
    /// <param name="wanted">What is wanted; one is enough.</param>
    /// <returns>Whether it is there and may be read.</returns>
    public static ErrorCode Find(
        DataState state,
        string path,
        AccessRules access,
        IReadOnlyList<Identity>? who,
        out ZnodeView node,
        AclPermissions wanted = AclPermissions.Read)
    {
        if (!state.Tree.TryGet(path, out node))
            return ErrorCode.NoNode;
        if (node.Acl is { } acl && !access.Allows(acl, wanted, who))
            return ErrorCode.NoAuth;
        if (QuotaRules.IsStats(path) && ZnodeTree.TryFind(state.Tree.Root, path, out Znode? stats))
            node = new ZnodeView(stats, QuotaRules.StatsOf(state.Tree.Root, path));
        else if (path == PathRules.ConfigNode && access.ConfigShown is { } members)
            node = node.Showing(members);

        return ErrorCode.Ok;
    }

    /// <summary>The watch that a request leaves behind.</summary>
    /// <param name="request">The request.</param>
    /// <param name="error">How it was answered.</param>
    /// <returns>The mode; null for none. Asking whether a node exists leaves a watch for it to be
    /// created.</returns>
    public static WatchMode? WatchLeftBy(in ClientRequest request, ErrorCode error) => request switch
    {
        { Op: OpCode.AddWatch } when error == ErrorCode.Ok => request.WatchMode,
        { Watch: false } => null,
        { Op: OpCode.Exists } when error is ErrorCode.Ok or ErrorCode.NoNode => WatchMode.Data,
        { Op: OpCode.GetData } when error == ErrorCode.Ok => WatchMode.Data,
        { Op: OpCode.GetChildren or OpCode.GetChildren2 } when error == ErrorCode.Ok => WatchMode.Children,
        _ => null,
    };

    private static ClientReply AnswerFrom(
        in ZnodeView node,
        in ClientRequest request,
        DataState state,
        AccessRules access,
        in ClientReply reply)
    {
        ClientReply answer = reply with { Stat = node.Stat, State = state };
        return request.Op switch
        {
            OpCode.GetData => answer with { Data = node.Data },
            OpCode.GetAcl => answer with { Acl = Shown(node.Acl ?? Acl.Open, access, request.Identities) },
            OpCode.GetAllChildrenNumber => answer with { Count = node.DescendantCount },
            OpCode.GetChildren or OpCode.GetChildren2 when !request.ListsLater =>
                answer with { Children = List(request, state) },
            _ => answer,
        };
    }

    /// <summary>Several reads of one state, each with its own outcome. The flags of their watches have no
    /// effect.</summary>
    private static ClientReply AnswerEach(
        in ClientRequest request, DataState state, AccessRules access, in ClientReply reply)
    {
        List<OpResult> results = [];
        long bytes = 0;
        foreach (ClientRequest operation in request.Operations ?? [])
        {
            if (!operation.Op.IsPartOfMultiRead)
                return reply with { Error = ErrorCode.MarshallingError };

            ClientReply answer = Answer(operation with { Identities = request.Identities }, state, access);
            bytes += SizeOf(answer);
            if (bytes > MultiReadBytesMax)
                return reply with { Error = ErrorCode.ThrottledOp };

            results.Add(new OpResult
            {
                Op = operation.Op,
                Error = answer.Error,
                Path = operation.Path,
                Stat = answer.Stat,
                Data = answer.Data,
                Children = answer.Children,
            });
        }

        return reply with { Results = results };
    }

    private static long SizeOf(in ClientReply answer)
    {
        long bytes = answer.Data?.Length ?? 0;
        foreach (string child in answer.Children ?? [])
        {
            bytes += NameBytes + child.Length;
        }

        return bytes;
    }

    private static List<string> List(in ClientRequest request, DataState state)
    {
        List<string> children = [];
        int limit = request.Limit > 0 ? request.Limit : int.MaxValue;
        bool found = state.Tree.TryListChildren(request.Path, request.After, limit, children);
        Invariant.Holds(found);
        return children;
    }

    private static List<string> EphemeralsOf(in ClientRequest request, DataState state)
    {
        List<string> paths = [];
        if (state.Sessions.TryGet(request.Session, out SessionRecord? session))
        {
            foreach (NodePath path in session.Ephemerals)
            {
                string text = Encoding.UTF8.GetString(path.Key);
                if (text.StartsWith(request.Path, StringComparison.Ordinal))
                    paths.Add(text);
            }
        }

        return paths;
    }

    /// <summary>Hides the hashes of passwords from those who may not set the permissions.</summary>
    private static Acl Shown(Acl acl, AccessRules access, IReadOnlyList<Identity>? who)
    {
        if (access.Allows(acl, AclPermissions.Admin, who))
            return acl;

        List<AclEntry> entries = [];
        foreach (AclEntry entry in acl)
        {
            entries.Add(
                entry.Scheme == Schemes.Digest ? entry with { Id = DigestScheme.Masked(entry.Id) } : entry);
        }

        return new Acl(entries);
    }
}
