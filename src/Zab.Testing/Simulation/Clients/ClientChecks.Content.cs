using Zab.Core.Access;
using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Testing.Simulation.Checks;

namespace Zab.Testing.Simulation.Clients;

/// <content>What reads show: the nodes as they were at the reply's zxid.</content>
internal sealed partial class ClientChecks
{
    private void CheckContent(in ClientRequest request, in ClientReply reply)
    {
        if (request.Op == OpCode.MultiRead)
        {
            CheckEach(request, reply);
            return;
        }

        if (request.Op == OpCode.GetEphemerals)
        {
            string prefix = request.Path;
            Rule.Holds(
                Model.EphemeralsAt(request.Session, reply.Zxid)
                    .Where(path => path.StartsWith(prefix, StringComparison.Ordinal))
                    .SequenceEqual(reply.Children ?? [], StringComparer.Ordinal),
                $"E15: {request.Session} is told at {reply.Zxid} that it owns"
                    + $" {string.Join(' ', reply.Children ?? [])}");
            return;
        }

        ModelView view = new(Model, reply.Zxid);
        ModelNode node = view.Node(request.Path)!;
        CheckNode(request, reply.Stat, reply.Data, reply.Children, view);
        if (request.Op == OpCode.GetAcl)
        {
            Acl shown = ModelAccess.Shown(node.Acl, request.Identities);
            Rule.Holds(
                Equals(shown, reply.Acl),
                $"E15: GetAcl {request.Path} at {reply.Zxid} shows {reply.Acl}, not {shown}");
        }

        if (request.Op == OpCode.GetAllChildrenNumber)
        {
            long below = view.Used(request.Path).Nodes - 1;
            Rule.Holds(
                reply.Count == below,
                $"E15: below {request.Path} at {reply.Zxid} are said to be {reply.Count} nodes, not {below}");
        }
    }

    /// <summary>Each read of several has its own outcome, and all show one state.</summary>
    private void CheckEach(in ClientRequest request, in ClientReply reply)
    {
        IReadOnlyList<ClientRequest> reads = request.Operations ?? [];
        IReadOnlyList<OpResult> results = reply.Results ?? [];
        Rule.Holds(
            results.Count == reads.Count,
            $"K7: {request.Session} gets {results.Count} results for {reads.Count} reads");
        ModelView view = new(Model, reply.Zxid);
        for (int i = 0; i < reads.Count; i++)
        {
            ClientRequest read = reads[i] with { Identities = request.Identities };
            OpResult result = results[i];
            ErrorCode expected = Precedence.Of(read, Model, reply.Zxid);
            Rule.Holds(
                result.Op == read.Op && result.Error == expected && result.Path == read.Path,
                $"K7: read {i}, {read.Op} {read.Path}, gives {result} at {reply.Zxid}, not {expected}");
            if (expected == ErrorCode.Ok)
            {
                CheckNode(read, result.Stat, result.Data, result.Children, view);
            }
        }
    }

    private static void CheckNode(
        in ClientRequest request,
        Stat stat,
        ReadOnlyMemory<byte>? data,
        IReadOnlyList<string>? children,
        ModelView view)
    {
        ModelNode node = view.Node(request.Path)!;
        byte[]? stats = ModelQuota.StatsOf(view, request.Path);
        Stat expected = stats is null ? node.Stat : node.Stat with { DataLength = stats.Length };
        Rule.Holds(stat == expected, $"E15: {request.Op} {request.Path} shows {stat}, not {expected}");
        if (request.Op == OpCode.GetData)
        {
            Rule.Holds(
                stats is null ? AreSame(data, node.Data) : AreSame(data, stats),
                $"E15: {request.Op} {request.Path} shows data that it did not have");
        }

        if (request.Op is OpCode.GetChildren or OpCode.GetChildren2)
        {
            string after = request.After ?? "";
            int limit = request.Limit > 0 ? request.Limit : int.MaxValue;
            Rule.Holds(
                children is not null && node.Children
                    .Where(name => string.CompareOrdinal(name, after) > 0).Take(limit)
                    .SequenceEqual(children, StringComparer.Ordinal),
                $"E15: {request.Op} {request.Path} shows children that it did not have");
        }
    }

    private static bool AreSame(ReadOnlyMemory<byte>? left, ReadOnlyMemory<byte>? right) =>
        left.HasValue == right.HasValue
        && (left is not { } shown || shown.Span.SequenceEqual(right!.Value.Span));
}
