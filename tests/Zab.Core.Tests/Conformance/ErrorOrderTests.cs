using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tests.Requests;
using Zab.Core.Tree;

namespace Zab.Core.Tests.Conformance;

/// <summary>Which error wins when several would be true (reference, 3.2): every combination of all faults of an
/// operation, alone and as the only part of a multi.</summary>
/// <remarks>A fault has a rank, its place in ZooKeeper's order of checks; of those that a request has, the one
/// of the lowest rank must be reported. A path may have several, and is listed with the first.</remarks>
public sealed class ErrorOrderTests
{
    private const int None = int.MaxValue;
    private const string Locked = "r:digest:nobody:x"; // lets strangers do nothing
    private static readonly DataState s_state = Prepared();

    private static readonly Fault[] s_sessions =
    [
        new(None, "a live session", ErrorCode.Ok, request => request),
        new(4, "no session", ErrorCode.SessionExpired, request => request with { Session = new SessionId(404) }),
    ];

    [Fact]
    public void Of_a_create() => CheckAll(
        new ClientRequest { Session = Workbench.Session, Op = OpCode.Create2, Data = new byte[5] },
        s_sessions,
        [
            new(None, "persistent", ErrorCode.Ok, request => request),
            new(None, "ephemeral", ErrorCode.Ok, request => request with { Mode = CreateMode.Ephemeral }),
            new(None, "a container", ErrorCode.Ok, request => request with { Mode = CreateMode.Container }),
            new(None, "the longest ttl", ErrorCode.Ok, Timed((1L << 40) - 1)),
            new(1, "mode 7", ErrorCode.BadArguments, request => request with { Mode = (CreateMode)7 }),
            new(1, "mode -1", ErrorCode.BadArguments, request => request with { Mode = (CreateMode)(-1) }),
            new(3, "ttl 0", ErrorCode.BadArguments, Timed(0)),
            new(3, "ttl -1", ErrorCode.BadArguments, Timed(-1)),
            new(3, "too long a ttl", ErrorCode.BadArguments, Timed(1L << 40)),
            new(3, "a ttl without need", ErrorCode.BadArguments, request => request with { TtlMs = 5 }),
        ],
        [
            Path(None, "/open/new", ErrorCode.Ok),
            Path(5, "none", ErrorCode.BadArguments),
            Path(5, "", ErrorCode.BadArguments),
            Path(5, "/none\0/x", ErrorCode.BadArguments),
            Path(5, "/open/\0", ErrorCode.BadArguments),
            Path(7, "/none/x", ErrorCode.NoNode),
            Path(7, "/none/.", ErrorCode.NoNode),
            Path(7, "a/b", ErrorCode.NoNode),
            Path(8, "/locked/new", ErrorCode.NoAuth),
            Path(8, "/locked/.", ErrorCode.NoAuth),
            Path(8, "/locked/there", ErrorCode.NoAuth),
            Path(8, "/full/locked/x", ErrorCode.NoAuth),
            Path(8, "/ephemeral-locked/x", ErrorCode.NoAuth),
            Path(9, "/open/.", ErrorCode.BadArguments),
            Path(9, "/open/..", ErrorCode.BadArguments),
            Path(9, "/open/", ErrorCode.BadArguments),
            Path(9, "/open/\u0001", ErrorCode.BadArguments),
            Path(9, "/open/\ud800", ErrorCode.BadArguments),
            Path(9, "/full/.", ErrorCode.BadArguments),
            Path(9, "/ephemeral/.", ErrorCode.BadArguments),
            Path(10, "/", ErrorCode.NodeExists),
            Path(10, "/open", ErrorCode.NodeExists),
            Path(10, "/zookeeper", ErrorCode.NodeExists),
            Path(10, "/full/there", ErrorCode.NodeExists),
            Path(11, "/ephemeral/x", ErrorCode.NoChildrenForEphemerals),
            Path(11, "/full/ephemeral/x", ErrorCode.NoChildrenForEphemerals),
            Path(12, "/full/new", ErrorCode.QuotaExceeded),
        ],
        [
            new(None, "open", ErrorCode.Ok, request => request),
            new(6, "an empty list", ErrorCode.InvalidAcl, Listed("")),
            new(6, "an unknown scheme", ErrorCode.InvalidAcl, Listed("r:foo:bar")),
            new(6, "auth of nobody", ErrorCode.InvalidAcl, Listed("r:auth:")),
        ]);

    [Fact]
    public void Of_a_delete() => CheckAll(
        new ClientRequest { Session = Workbench.Session, Op = OpCode.Delete },
        s_sessions,
        [
            Path(None, "/open/there", ErrorCode.Ok),
            Path(5, "none", ErrorCode.BadArguments),
            Path(5, "/none\0/x", ErrorCode.BadArguments),
            Path(5, "/", ErrorCode.BadArguments),
            Path(5, "/zookeeper", ErrorCode.BadArguments),
            Path(5, "/zookeeper/quota", ErrorCode.BadArguments),
            Path(5, "/zookeeper/config", ErrorCode.BadArguments),
            Path(6, "/none/x", ErrorCode.NoNode),
            Path(7, "/locked/none", ErrorCode.NoAuth),
            Path(7, "/locked/there", ErrorCode.NoAuth),
            Path(7, "/locked/parent", ErrorCode.NoAuth),
            Path(8, "/open/none", ErrorCode.NoNode),
            Path(8, "/open/.", ErrorCode.NoNode),
            Path(10, "/open", ErrorCode.NotEmpty),
        ],
        [
            Version(None, -1, ErrorCode.Ok),
            Version(None, 0, ErrorCode.Ok),
            Version(9, 7, ErrorCode.BadVersion),
            Version(9, -2, ErrorCode.BadVersion),
        ]);

    [Fact]
    public void Of_a_set() => CheckAll(
        new ClientRequest { Session = Workbench.Session, Op = OpCode.SetData, Data = new byte[5] },
        s_sessions,
        [
            Path(None, "/open/there", ErrorCode.Ok),
            Path(5, "none", ErrorCode.BadArguments),
            Path(5, "/open/", ErrorCode.BadArguments),
            Path(5, "/none/.", ErrorCode.BadArguments),
            Path(6, "/none", ErrorCode.NoNode),
            Path(6, "/full/none", ErrorCode.NoNode),
            Path(7, "/locked", ErrorCode.NoAuth),
            Path(7, "/full/locked", ErrorCode.NoAuth),
            Path(7, "/zookeeper/config", ErrorCode.NoAuth),
            Path(8, "/full/there", ErrorCode.QuotaExceeded),
        ],
        [
            Version(None, -1, ErrorCode.Ok),
            Version(None, 0, ErrorCode.Ok),
            Version(9, 7, ErrorCode.BadVersion),
        ]);

    [Fact]
    public void Of_a_setAcl() => CheckAll(
        new ClientRequest { Session = Workbench.Session, Op = OpCode.SetAcl },
        s_sessions,
        [
            Path(None, "/open/there", ErrorCode.Ok),
            Path(None, "/full/there", ErrorCode.Ok),
            Path(5, "none", ErrorCode.BadArguments),
            Path(5, "/none/", ErrorCode.BadArguments),
            Path(7, "/none", ErrorCode.NoNode),
            Path(8, "/locked", ErrorCode.NoAuth),
            Path(8, "/zookeeper/config", ErrorCode.NoAuth),
        ],
        [
            new(None, "open", ErrorCode.Ok, request => request),
            new(6, "an empty list", ErrorCode.InvalidAcl, Listed("")),
            new(6, "an unknown scheme", ErrorCode.InvalidAcl, Listed("r:foo:bar")),
        ],
        [
            Version(None, -1, ErrorCode.Ok),
            Version(None, 0, ErrorCode.Ok),
            Version(9, 7, ErrorCode.BadVersion),
        ]);

    [Fact]
    public void Of_a_check() => CheckAll(
        new ClientRequest { Session = Workbench.Session, Op = OpCode.Check },
        s_sessions,
        [
            Path(None, "/open/there", ErrorCode.Ok),
            Path(5, "none", ErrorCode.BadArguments),
            Path(5, "/none/", ErrorCode.BadArguments),
            Path(6, "/none", ErrorCode.NoNode),
            Path(7, "/hidden", ErrorCode.NoAuth),
        ],
        [
            Version(None, -1, ErrorCode.Ok),
            Version(None, 0, ErrorCode.Ok),
            Version(9, 7, ErrorCode.BadVersion),
        ]);

    [Fact]
    public void Of_a_create_where_no_node_may_have_a_time_to_live() => CheckAll(
        RequestRules.Default with { AllowsTtl = false },
        new ClientRequest { Session = Workbench.Session, Op = OpCode.Create2 },
        s_sessions,
        [
            new(None, "persistent", ErrorCode.Ok, request => request),
            new(1, "mode 7", ErrorCode.BadArguments, request => request with { Mode = (CreateMode)7, TtlMs = 5 }),
            new(2, "a ttl", ErrorCode.Unimplemented, Timed(5)),
            new(2, "ttl 0", ErrorCode.Unimplemented, Timed(0)),
        ],
        [Path(None, "/open/new", ErrorCode.Ok), Path(5, "none", ErrorCode.BadArguments)]);

    /// <summary>What is asked before a slash and a number, and not at the end, is no error.</summary>
    [Theory]
    [InlineData("/open/", ErrorCode.Ok)]
    [InlineData("/open/.", ErrorCode.Ok)]
    [InlineData("/open/..", ErrorCode.Ok)]
    [InlineData("/", ErrorCode.Ok)]
    [InlineData("/open", ErrorCode.Ok)]
    [InlineData("/open//", ErrorCode.NoNode)]
    [InlineData("/open/\u0001", ErrorCode.BadArguments)]
    [InlineData("/full/x", ErrorCode.QuotaExceeded)]
    [InlineData("/locked/", ErrorCode.NoAuth)]
    public void Of_a_sequential_create(string path, ErrorCode expected)
    {
        foreach (CreateMode mode in (CreateMode[])
            [CreateMode.PersistentSequential, CreateMode.EphemeralSequential, CreateMode.PersistentSequentialWithTtl])
        {
            ClientRequest request = Workbench.Create(path, mode) with { TtlMs = mode.HasTtl ? 1 : 0 };

            Assert.Equal(expected, new Workbench(s_state).Do(request));
        }
    }

    [Fact]
    public void A_session_has_a_limit_of_nodes_which_counts_last()
    {
        RequestRules rules = RequestRules.Default with { EphemeralsMax = 3 };
        Workbench bench = new(s_state, rules); // it owns 3

        Assert.Equal(ErrorCode.NodeExists, bench.Do(Workbench.Create("/ephemeral", CreateMode.Ephemeral)));
        Assert.Equal(ErrorCode.QuotaExceeded, bench.Do(Workbench.Create("/open/e", CreateMode.Ephemeral)));
        Assert.Equal(ErrorCode.Ok, bench.Do(Workbench.Create("/open/p")));
        Assert.Equal(ErrorCode.Ok, bench.Do(Workbench.Delete("/ephemeral")));
        Assert.Equal(ErrorCode.Ok, bench.Do(Workbench.Create("/open/e", CreateMode.Ephemeral)));
    }

    [Theory]
    [InlineData(OpCode.Exists, "/hidden\0", ErrorCode.BadArguments)]
    [InlineData(OpCode.Exists, "/none", ErrorCode.NoNode)]
    [InlineData(OpCode.Exists, "none", ErrorCode.NoNode)]
    [InlineData(OpCode.Exists, "", ErrorCode.NoNode)]
    [InlineData(OpCode.Exists, "/open/", ErrorCode.NoNode)]
    [InlineData(OpCode.Exists, "/hidden", ErrorCode.NoAuth)]
    [InlineData(OpCode.GetData, "/none\0", ErrorCode.NoNode)]
    [InlineData(OpCode.GetData, "/none", ErrorCode.NoNode)]
    [InlineData(OpCode.GetData, "/hidden", ErrorCode.NoAuth)]
    [InlineData(OpCode.GetData, "/hidden/below", ErrorCode.Ok)] // nothing is inherited
    [InlineData(OpCode.GetChildren, "/none", ErrorCode.NoNode)]
    [InlineData(OpCode.GetChildren, "/hidden", ErrorCode.NoAuth)]
    [InlineData(OpCode.GetChildren2, "/none", ErrorCode.NoNode)]
    [InlineData(OpCode.GetChildren2, "/hidden", ErrorCode.NoAuth)]
    [InlineData(OpCode.GetAllChildrenNumber, "/none", ErrorCode.NoNode)]
    [InlineData(OpCode.GetAllChildrenNumber, "/hidden", ErrorCode.NoAuth)]
    [InlineData(OpCode.GetAcl, "/none", ErrorCode.NoNode)]
    [InlineData(OpCode.GetAcl, "/hidden", ErrorCode.NoAuth)]
    [InlineData(OpCode.GetAcl, "/admin", ErrorCode.Ok)] // READ or ADMIN
    [InlineData(OpCode.GetData, "/admin", ErrorCode.NoAuth)]
    [InlineData(OpCode.GetEphemerals, "no path", ErrorCode.Ok)]
    public void Of_a_read(OpCode op, string path, ErrorCode expected) => Assert.Equal(
        expected,
        ReadProcessor.Answer(
            new ClientRequest { Session = Workbench.Session, Op = op, Path = path }, s_state, AccessRules.BuiltIn)
            .Error);

    private static Fault Path(int rank, string path, ErrorCode error) =>
        new(rank, $"path '{path}'", error, request => request with { Path = path });

    private static Fault Version(int rank, int version, ErrorCode error) =>
        new(rank, $"version {version}", error, request => request with { Version = version });

    private static Func<ClientRequest, ClientRequest> Timed(long ttlMs) =>
        request => request with { Mode = CreateMode.PersistentWithTtl, TtlMs = ttlMs };

    private static Func<ClientRequest, ClientRequest> Listed(string acl) =>
        request => request with { Acl = Rights.Of(acl) };

    private static void CheckAll(ClientRequest request, params Fault[][] axes) =>
        CheckAll(RequestRules.Default, request, axes);

    private static void CheckAll(RequestRules rules, ClientRequest request, params Fault[][] axes)
    {
        List<Fault[]> combinations = [[]];
        foreach (Fault[] axis in axes)
        {
            combinations = [.. combinations.SelectMany(_ => axis, (Fault[] before, Fault next) => (Fault[])[.. before, next])];
        }

        List<string> wrong = [];
        foreach (Fault[] faults in combinations)
        {
            ClientRequest asked = faults.Aggregate(request, (soFar, fault) => fault.Apply(soFar));
            ErrorCode expected = faults.MinBy(fault => fault.Rank)!.Error;
            string name = string.Join(", ", faults.Select(fault => fault.Name));
            if (asked.Op != OpCode.Check && new Workbench(s_state, rules).Do(asked) is var alone && alone != expected)
                wrong.Add($"{name}: {alone}, not {expected}");

            if (asked.Op == OpCode.SetAcl)
                continue;

            ClientRequest multi = new() { Session = asked.Session, Op = OpCode.Multi, Operations = [asked] };
            if (new Workbench(s_state, rules).Do(multi) is var inMulti && inMulti != expected)
                wrong.Add($"{name} in a multi: {inMulti}, not {expected}");
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {combinations.Count}:\n{string.Join('\n', wrong)}");
    }

    private static DataState Prepared()
    {
        Workbench bench = new();
        foreach (string path in (string[])
            [
                "/open", "/open/there", "/locked", "/locked/there", "/locked/parent", "/locked/parent/x",
                "/full", "/full/there", "/full/locked", "/hidden", "/hidden/below", "/admin",
                "/zookeeper/quota/full",
            ])
        {
            Do(Workbench.Create(path));
        }

        Do(Workbench.Create("/ephemeral", CreateMode.Ephemeral));
        Do(Workbench.Create("/full/ephemeral", CreateMode.Ephemeral));
        Do(Workbench.Create("/ephemeral-locked", CreateMode.Ephemeral) with { Acl = Rights.Of(Locked) });
        foreach (string path in (string[])["/locked", "/full/locked", "/hidden"])
        {
            Do(new ClientRequest { Op = OpCode.SetAcl, Path = path, Acl = Rights.Of(Locked), Version = -1 });
        }

        Do(new ClientRequest { Op = OpCode.SetAcl, Path = "/admin", Acl = Rights.Of("a:world:anyone") });
        string limits = "count=-1,bytes=-1=;byteHardLimit=0;countHardLimit=4";
        Do(Workbench.Create("/zookeeper/quota/full/zookeeper_limits", data: limits));
        return bench.Writer.Freeze();

        void Do(ClientRequest request) =>
            Assert.Equal(ErrorCode.Ok, bench.Do(request with { Session = Workbench.Session }));
    }

    /// <summary>Something that may be wrong with a request, or nothing.</summary>
    private sealed record Fault(
        int Rank, string Name, ErrorCode Error, Func<ClientRequest, ClientRequest> Apply);
}
