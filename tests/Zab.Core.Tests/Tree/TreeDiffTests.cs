using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Sessions;
using Zab.Core.Tests.Requests;
using Zab.Core.Tree;

namespace Zab.Core.Tests.Tree;

/// <summary>What watches are told when a snapshot replaces a state, and readers who compare two
/// states.</summary>
public sealed class TreeDiffTests
{
    private static readonly SessionId s_session = Workbench.Session;

    [Fact]
    public void The_root_is_compared_like_every_other_node()
    {
        DataWriter writer = NewWriter();
        DataState before = writer.Freeze();

        Do(writer, new ClientRequest { Op = OpCode.SetData, Session = s_session, Path = "/", Version = -1 }, 2);
        List<ZnodeChange> changes = TreeDiff.Between(before.Tree, writer.Freeze().Tree);

        Assert.Equal([new ZnodeChange(ZnodeChangeKind.DataChanged, "/")], changes);
    }

    /// <summary>Every pair of states of a random history, in both directions: against a comparison that looks
    /// at every node. States that share nothing, as a snapshot makes them, give the same.</summary>
    [Theory]
    [InlineData(1, 4)]
    [InlineData(2, 40)]
    [InlineData(3, 400)]
    public void It_finds_what_a_comparison_of_all_nodes_finds(ulong seed, int names)
    {
        Prng prng = new(seed);
        DataWriter writer = NewWriter();
        List<DataState> states = [writer.Freeze()];
        uint counter = 2;
        for (int batch = 0; batch < 12; batch++)
        {
            int changes = 1 + prng.Below(400);
            for (int i = 0; i < changes; i++)
            {
                counter += TryChange(writer, prng, names, counter) ? 1u : 0;
            }

            states.Add(writer.Freeze());
        }

        DataState copy = Copy(states[^1]);
        foreach (DataState before in states)
        {
            foreach (DataState after in states)
            {
                Assert.Equal(Slow(before.Tree, after.Tree), TreeDiff.Between(before.Tree, after.Tree));
            }

            Assert.Equal(Slow(before.Tree, copy.Tree), TreeDiff.Between(before.Tree, copy.Tree));
        }

        Assert.Empty(TreeDiff.Between(copy.Tree, states[^1].Tree));
        Assert.True(states[^1].Tree.NodeCount > names / 2, $"{states[^1].Tree.NodeCount}");
    }

    [Theory]
    [InlineData(100)]
    [InlineData(10_000)]
    [InlineData(100_000)]
    public void It_costs_what_changed_and_not_the_size_of_the_tree(int nodes)
    {
        DataWriter writer = NewWriter();
        uint counter = 2;
        Create(writer, "/dir", ref counter);
        for (int i = 0; i < nodes; i++)
        {
            Create(writer, $"/dir/n{i * 7919L % 1_000_003:0000000}", ref counter);
        }

        DataState before = writer.Freeze();
        for (int i = 0; i < 10; i++)
        {
            Create(writer, $"/dir/new{i}", ref counter);
            string path = $"/dir/n{i * 7919L % 1_000_003:0000000}";
            Do(writer, new ClientRequest { Op = OpCode.SetData, Session = s_session, Path = path, Version = -1 }, counter++);
        }

        List<ZnodeChange> changes = TreeDiff.Between(before.Tree, writer.Freeze().Tree, out int visited);

        Assert.Equal(20, changes.Count);
        Assert.InRange(visited, 20, 3000);
    }

    private static bool TryChange(DataWriter writer, Prng prng, int names, uint counter)
    {
        string path = "";
        for (int depth = 1 + prng.Below(3); depth > 0; depth--)
        {
            path += $"/{(char)('a' + prng.Below(3))}{prng.Below(names)}";
        }

        OpCode op = prng.Below(4) switch { 0 => OpCode.Delete, 1 => OpCode.SetData, _ => OpCode.Create };
        ClientRequest request = new() { Op = op, Session = s_session, Path = path, Version = -1 };
        Zxid zxid = Zxid.Of(1, counter);
        if (Prepare(writer, request, zxid, out Memory<byte> txn) != ErrorCode.Ok)
        {
            return false;
        }

        _ = writer.ApplyNew(zxid, txn);
        return true;
    }

    private static List<ZnodeChange> Slow(ZnodeTree before, ZnodeTree after)
    {
        List<ZnodeChange> deleted = [];
        List<ZnodeChange> others = [];
        List<string> old = [.. Paths(before)];
        HashSet<string> kept = [.. old];
        foreach (string path in old)
        {
            Stat was = StatOf(before, path)!.Value;
            if (StatOf(after, path)?.Czxid != was.Czxid)
            {
                deleted.Add(new ZnodeChange(ZnodeChangeKind.Deleted, path));
            }
        }

        foreach (string path in Paths(after))
        {
            Stat now = StatOf(after, path)!.Value;
            Stat? was = kept.Contains(path) ? StatOf(before, path) : null;
            if (was?.Czxid != now.Czxid)
            {
                others.Add(new ZnodeChange(ZnodeChangeKind.Created, path));
            }
            else if (was.Value.Mzxid != now.Mzxid)
            {
                others.Add(new ZnodeChange(ZnodeChangeKind.DataChanged, path));
            }
        }

        deleted.Reverse();
        return [.. deleted, .. others];
    }

    private static IEnumerable<string> Paths(ZnodeTree tree) =>
        tree.Descendants("/").Select(node => node.Path).Prepend("/");

    private static Stat? StatOf(ZnodeTree tree, string path) =>
        tree.TryGet(path, out ZnodeView node) ? node.Stat : null;

    private static DataState Copy(DataState state)
    {
        DataStateReader reader = new();
        foreach (ReadOnlyMemory<byte> chunk in state.ToChunks(1000))
        {
            reader.Add(chunk);
        }

        return reader.Complete();
    }

    private static DataWriter NewWriter()
    {
        DataWriter writer = new(DataState.Initial);
        Do(writer, new ClientRequest { Op = OpCode.CreateSession, Session = s_session, TimeoutMs = 1 }, 1);
        return writer;
    }

    private static void Create(DataWriter writer, string path, ref uint counter) =>
        Do(writer, new ClientRequest { Op = OpCode.Create, Session = s_session, Path = path }, counter++);

    private static void Do(DataWriter writer, ClientRequest request, uint counter)
    {
        Zxid zxid = Zxid.Of(1, counter);
        Assert.Equal(ErrorCode.Ok, Prepare(writer, request, zxid, out Memory<byte> txn));
        _ = writer.ApplyNew(zxid, txn);
    }

    private static ErrorCode Prepare(
        DataWriter writer, ClientRequest request, Zxid zxid, out Memory<byte> txn) =>
        new RequestPreparer(writer, RequestRules.Default).Prepare(
            request with { Secret = Workbench.Secret },
            SessionTable.OpenerOf(s_session),
            zxid,
            timeMs: 1,
            out txn);
}
