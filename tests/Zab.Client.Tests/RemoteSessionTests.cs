using System.Text;
using Zab.Client.Connections;
using Zab.Client.Tests.Servers;
using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Tree;
using Zab.Core.Watches;
using Zab.Wire;

namespace Zab.Client.Tests;

/// <summary>The whole session over a connection. Each test has a chroot of its own.</summary>
public abstract class RemoteSessionTests(IServedAddress server) : IAsyncLifetime
{
    private static readonly byte[] s_data = "data"u8.ToArray();

    /// <summary>No session is to be over because a machine is busy.</summary>
    private static readonly ZabClientOptions s_options = new() { SessionTimeout = TimeSpan.FromMinutes(1) };

    private readonly string _chroot = $"/{Guid.NewGuid():N}";
    private IZabSession _session = null!;

    private string Servers => server.Address + _chroot;

    public async Task InitializeAsync()
    {
        await using IZabSession root = await ZabClient.ConnectAsync(server.Address, s_options);
        await root.CreateAsync(_chroot);
        _session = await ZabClient.ConnectAsync(Servers, s_options).WaitAsync(Safety.Limit);
    }

    public async Task DisposeAsync() => await _session.DisposeAsync();

    [Theory]
    [InlineData(CreateMode.Persistent, "/a")]
    [InlineData(CreateMode.Ephemeral, "/a")]
    [InlineData(CreateMode.PersistentSequential, "/a0000000000")]
    [InlineData(CreateMode.EphemeralSequential, "/a0000000000")]
    [InlineData(CreateMode.Container, "/a")]
    [InlineData(CreateMode.PersistentWithTtl, "/a")]
    [InlineData(CreateMode.PersistentSequentialWithTtl, "/a0000000000")]
    public async Task A_node_of_each_kind_is_created_and_read(CreateMode mode, string path)
    {
        TimeSpan? ttl = mode.HasTtl ? TimeSpan.FromHours(1) : null;

        CreateResult created = await _session.CreateAsync("/a", new CreateOptions { Data = s_data, Mode = mode, TimeToLive = ttl });
        ZnodeSnapshot read = await _session.GetAsync(path);

        Assert.Equal(path, created.Path);
        Assert.Equal(s_data, read.Data!.Value.ToArray());
        Assert.Equal(created.Stat, read.Stat);
        Assert.Equal(mode.IsEphemeral, read.Stat.EphemeralOwner == _session.Id);
        Assert.True(read.Zxid >= created.Stat.Czxid);
    }

    [Fact]
    public async Task Nodes_are_set_listed_counted_and_deleted()
    {
        await _session.CreateAsync("/p");
        foreach (string name in (string[])["b", "c", "a"])
        {
            await _session.CreateAsync($"/p/{name}");
        }

        Stat set = await _session.SetAsync("/p", s_data, version: 0);

        Assert.Equal((1, 4, 3), (set.Version, set.DataLength, set.NumChildren));
        Assert.Null((await _session.GetAsync("/p/a")).Data);
        Assert.Equal(["a", "b", "c"], await _session.GetChildrenAsync("/p"));
        Assert.Equal(["b"], await _session.GetChildrenAsync("/p", after: "a", limit: 1));
        Assert.Equal(4, await _session.GetAllChildrenNumberAsync("/"));
        Assert.Equal(set, await _session.ExistsAsync("/p", ReadConsistency.Linearizable));
        Assert.Null(await _session.ExistsAsync("/none"));
        Zxid deleted = await _session.DeleteAsync("/p/a", version: 0);
        Assert.True(deleted > set.Mzxid);
        Assert.True(await _session.SyncAsync() >= deleted);
    }

    [Fact]
    public async Task Errors_are_the_types_of_the_library()
    {
        await _session.CreateAsync("/p");
        await _session.CreateAsync("/p/c");
        await _session.CreateAsync("/e", mode: CreateMode.Ephemeral);

        await Assert.ThrowsAsync<NodeExistsException>(() => _session.CreateAsync("/p"));
        await Assert.ThrowsAsync<NoNodeException>(() => _session.CreateAsync("/none/x"));
        await Assert.ThrowsAsync<BadVersionException>(() => _session.SetAsync("/p", null, version: 7));
        await Assert.ThrowsAsync<NotEmptyException>(() => _session.DeleteAsync("/p"));
        await Assert.ThrowsAsync<NoChildrenForEphemeralsException>(() => _session.CreateAsync("/e/x"));
        await Assert.ThrowsAsync<InvalidAclException>(() => _session.SetAclAsync("/p", new Acl()));
        ZabException bad = await Assert.ThrowsAsync<ZabException>(() => _session.CreateAsync("/p/."));
        Assert.Equal(ErrorCode.BadArguments, bad.ErrorCode);
        bad = await Assert.ThrowsAsync<ZabException>(() => _session.CreateAsync("relative"));
        Assert.Equal(ErrorCode.BadArguments, bad.ErrorCode);
    }

    [Fact]
    public async Task A_transaction_is_done_whole_or_not_at_all()
    {
        TransactionResult done = await _session.Transaction()
            .Create("/a", s_data)
            .Create("/a/s-", s_data, CreateMode.PersistentSequential)
            .Set("/a", null, version: 0)
            .Check("/a", version: 1)
            .CommitAsync();
        TransactionFailedException failed = await Assert.ThrowsAsync<TransactionFailedException>(() => _session.MultiAsync(
        [
            ZabOperation.Create("/c", new CreateOptions { Mode = CreateMode.Container }),
            ZabOperation.Delete("/none"),
            ZabOperation.Delete("/a"),
        ]));
        TransactionResult kinds = await _session.MultiAsync(
        [
            ZabOperation.Create("/c", new CreateOptions { Mode = CreateMode.Container }),
            ZabOperation.Create(
                "/t", new CreateOptions { Mode = CreateMode.PersistentWithTtl, TimeToLive = TimeSpan.FromHours(1) }),
            ZabOperation.Delete("/t"),
        ]);

        Assert.Equal(["/a", "/a/s-0000000000", "/a", "/a"], done.Results.Select(result => result.Path));
        Assert.Equal(done.Zxid, (await _session.GetAsync("/a/s-0000000000")).Stat.Czxid);
        Assert.Equal(1, done.Results[2].Stat.Version);
        Assert.Equal((1, ErrorCode.NoNode), (failed.FailedAt, failed.ErrorCode));
        Assert.Equal(
            [ErrorCode.Ok, ErrorCode.NoNode, ErrorCode.RuntimeInconsistency], failed.Results.Select(result => result.Error));
        Assert.Equal(kinds.Zxid, kinds.Results[0].Stat.Czxid);
        Assert.Equal(["a", "c"], await _session.GetChildrenAsync("/"));
    }

    [Fact]
    public async Task Several_reads_have_outcomes_of_their_own()
    {
        await _session.CreateAsync("/a", s_data);
        await _session.CreateAsync("/a/2");
        await _session.CreateAsync("/a/1");

        IReadOnlyList<OperationResult> read = await _session.MultiReadAsync(
            [ZabRead.Data("/a"), ZabRead.Data("/none"), ZabRead.Children("/a")]);

        Assert.Equal([ErrorCode.Ok, ErrorCode.NoNode, ErrorCode.Ok], read.Select(result => result.Error));
        Assert.Equal(s_data, read[0].Data!.Value.ToArray());
        Assert.Equal(["1", "2"], read[2].Children);
    }

    [Fact]
    public async Task Permissions_hold_for_who_the_session_is()
    {
        await using IZabSession nobody = await ZabClient.ConnectAsync(Servers, s_options);
        await _session.AddAuthAsync("digest", "alice:secret"u8.ToArray());

        await _session.CreateAsync("/mine", new CreateOptions { Data = s_data, Acl = Acl.Creator });

        await Assert.ThrowsAsync<NoAuthException>(() => nobody.GetAsync("/mine").AsTask());
        AclSnapshot acl = await _session.GetAclAsync("/mine");
        Assert.Equal(("digest", AclPermissions.All), (acl.Acl[0].Scheme, acl.Acl[0].Permissions));
        Stat set = await _session.SetAclAsync("/mine", Acl.ReadOnly, aversion: 0);
        Assert.Equal(1, set.Aversion);
        Assert.Equal(s_data, (await nobody.GetAsync("/mine")).Data!.Value.ToArray());
        Assert.Contains(await _session.WhoAmIAsync(), identity => identity is { Scheme: "digest", Id: "alice" });
        await Assert.ThrowsAsync<AuthFailedException>(() => _session.AddAuthAsync("no-such-scheme", s_data));
        Assert.Equal(s_data, (await _session.GetAsync("/mine")).Data!.Value.ToArray()); // on another connection
    }

    [Fact]
    public async Task Watches_that_fire_once_tell_of_the_next_change()
    {
        await using IZabSession other = await ZabClient.ConnectAsync(Servers, s_options);
        await _session.CreateAsync("/a");
        Watched<ZnodeSnapshot> data = await _session.GetAndWatchAsync("/a");
        Watched<Stat?> missing = await _session.ExistsAndWatchAsync("/b");
        Watched<IReadOnlyList<string>> children = await _session.GetChildrenAndWatchAsync("/");

        await other.SetAsync("/a", s_data);
        await other.CreateAsync("/b");

        Assert.Equal((WatchEventType.NodeDataChanged, "/a"), Of(await data.Changed.WaitAsync(Safety.Limit)));
        Assert.Equal((WatchEventType.NodeCreated, "/b"), Of(await missing.Changed.WaitAsync(Safety.Limit)));
        Assert.Equal((WatchEventType.NodeChildrenChanged, "/"), Of(await children.Changed.WaitAsync(Safety.Limit)));
        Assert.Null(missing.Value);
    }

    [Fact]
    public async Task Watches_that_stay_tell_of_every_change_until_they_are_removed()
    {
        ZabWatch node = await _session.OpenWatchAsync("/a", WatchMode.Persistent);
        ZabWatch tree = await _session.OpenWatchAsync("/", WatchMode.PersistentRecursive);

        await _session.CreateAsync("/a");
        await _session.CreateAsync("/a/b");
        await _session.SetAsync("/a", s_data);
        await node.DisposeAsync();
        await _session.DeleteAsync("/a/b");
        await _session.DeleteAsync("/a");
        await tree.DisposeAsync();
        await _session.CreateAsync("/later");
        await _session.SyncAsync();

        Assert.Equal(
            [(WatchEventType.NodeCreated, "/a"), (WatchEventType.NodeChildrenChanged, "/a"), (WatchEventType.NodeDataChanged, "/a")],
            await AllOfAsync(node));
        Assert.Equal(
            [
                (WatchEventType.NodeCreated, "/a"), (WatchEventType.NodeCreated, "/a/b"), (WatchEventType.NodeDataChanged, "/a"),
                (WatchEventType.NodeDeleted, "/a/b"), (WatchEventType.NodeDeleted, "/a"),
            ],
            await AllOfAsync(tree));
    }

    [Fact]
    public async Task A_session_lives_on_with_its_ephemerals_after_its_client_has_died()
    {
        ConnectRequest hello = new(Zxid.None, 60_000, default, new byte[16], ReadOnly: false);
        ServerLink dying = await ServerLink.OpenAsync(
            ConnectString.Parse(server.Address).Servers[0], hello, 1 << 20, CancellationToken.None);
        SessionCredentials credentials = new(dying.Response.Session, dying.Response.Password!.Value);
        JuteWriter writer = new(64);
        RequestFormat.Write(
            writer, 1, new() { Op = Core.Requests.OpCode.Create, Path = _chroot + "/e", Mode = CreateMode.Ephemeral });
        dying.Write(writer.Written.Span);
        await dying.FlushAsync(CancellationToken.None);
        _ = await dying.ReadAsync(CancellationToken.None);
        await dying.DisposeAsync();

        await using (IZabSession resumed = await ZabClient.ResumeAsync(Servers, credentials))
        {
            Assert.Equal(credentials.Id, resumed.Id);
            Assert.Equal(["/e"], await resumed.GetEphemeralsAsync());
            Assert.Equal(resumed.Id, (await _session.GetAsync("/e", ReadConsistency.Linearizable)).Stat.EphemeralOwner);
        }

        Assert.Null(await _session.ExistsAsync("/e", ReadConsistency.Linearizable));
        await Assert.ThrowsAsync<SessionExpiredException>(() => ZabClient.ResumeAsync(Servers, credentials));
    }

    [Fact]
    public async Task Many_calls_at_once_are_all_done_in_order()
    {
        await _session.CreateAsync("/n", "0"u8.ToArray());
        Task<Stat>[] sets = [.. Enumerable.Range(1, 3000).Select(i => _session.SetAsync("/n", Encoding.UTF8.GetBytes($"{i}")))];
        Task<ZnodeSnapshot> read = _session.GetAsync("/n").AsTask();

        Stat[] stats = await Task.WhenAll(sets).WaitAsync(Safety.Limit);

        Assert.Equal(Enumerable.Range(1, 3000), stats.Select(stat => stat.Version));
        Assert.Equal("3000", Encoding.UTF8.GetString((await read).Data!.Value.Span));
    }

    [Fact]
    public async Task Long_data_and_long_lists_are_read_whole()
    {
        byte[] data = new byte[1_000_000];
        new Random(1).NextBytes(data);
        await _session.CreateAsync("/long", data);
        string[] names = [.. Enumerable.Range(0, 3000).Select(i => $"{new string('n', 50)}{i:D4}")];
        await Task.WhenAll(names.Select(name => _session.CreateAsync($"/long/{name}")));

        Assert.Equal(data, (await _session.GetAsync("/long")).Data!.Value.ToArray());
        Assert.Equal(names, await _session.GetChildrenAsync("/long"));
        await Assert.ThrowsAsync<RequestTooLargeException>(() => _session.SetAsync("/long", new byte[1 << 20]));
    }

    private static (WatchEventType Type, string Path) Of(WatchEvent fired) => (fired.Type, fired.Path);

    private static async Task<List<(WatchEventType Type, string Path)>> AllOfAsync(ZabWatch watch)
    {
        List<(WatchEventType Type, string Path)> all = [];
        await foreach (WatchEvent fired in watch)
        {
            all.Add(Of(fired));
        }

        return all;
    }
}
