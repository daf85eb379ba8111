using System;
using System.Collections.Generic;
using Zab.Core.Primitives;
using Zab.Core.Tree;
using Zab.Core.Watches;

namespace Zab.Core.Requests;

/// <summary>Answers reads from a state. Pure: safe to call from many threads at once.</summary>
/// <remarks>Source: ZooKeeper <c>FinalRequestProcessor</c>.</remarks>
internal static class ReadProcessor
{
    /// <summary>Answers a read.</summary>
    /// <param name="request">The request.</param>
    /// <param name="state">The state to answer from.</param>
    /// <returns>The reply. A path that is malformed is merely not there. An operation that is no read:
    /// <see cref="ErrorCode.Unimplemented"/>.</returns>
    public static ClientReply Answer(in ClientRequest request, DataState state)
    {
        ClientReply reply = new() { Session = request.Session, Cxid = request.Cxid, Zxid = state.LastZxid };
        if (!request.Op.IsRead)
            return reply with { Error = ErrorCode.Unimplemented };
        if (request.Op == OpCode.Exists && request.Path.Contains('\0', StringComparison.Ordinal))
            return reply with { Error = ErrorCode.BadArguments };
        if (!state.Tree.TryGet(request.Path, out ZnodeView node))
            return reply with { Error = ErrorCode.NoNode };

        reply = reply with { Stat = node.Stat, State = state };
        switch (request.Op)
        {
            case OpCode.Exists:
                return reply;
            case OpCode.GetData:
                return reply with { Data = node.Data };
            case OpCode.GetChildren:
            case OpCode.GetChildren2:
                List<string> children = new(reply.Stat.NumChildren);
                bool found = state.Tree.TryListChildren(request.Path, after: null, int.MaxValue, children);
                Invariant.Holds(found);
                return reply with { Children = children };
            case OpCode.Create:
            case OpCode.Delete:
            case OpCode.SetData:
            case OpCode.Sync:
            case OpCode.Create2:
            case OpCode.RemoveWatches:
            case OpCode.AddWatch:
            case OpCode.CreateSession:
            case OpCode.CloseSession:
            default:
                Invariant.Holds(request.Op.IsRead);
                return reply;
        }
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
}
