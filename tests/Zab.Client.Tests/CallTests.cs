using Zab.Client.Tests.Servers;
using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Core.Watches;
using Zab.Wire;

namespace Zab.Client.Tests;

public sealed class CallTests
{
    [Fact]
    public async Task Calls_are_sent_in_order_before_any_is_answered()
    {
        await using ScriptedSession scripted = await ScriptedSession.OpenAsync();
        FakeConnection server = scripted.Connection;
        Task<string>[] calls = [.. Enumerable.Range(0, 100).Select(i => scripted.Session.CreateAsync($"/{i}"))];

        List<WireRequest> requests = [];
        for (int i = 0; i < calls.Length; i++)
        {
            requests.Add(await server.NextAsync(OpCode.Create2));
        }

        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"/{i}"), requests.Select(request => request.Operation!.Value.Path));
        Assert.Equal(Enumerable.Range(1, 100), requests.Select(request => request.Xid));
        foreach (WireRequest request in requests)
        {
            await server.AnswerAsync(request, new ClientReply { Path = request.Operation!.Value.Path + "!" });
        }

        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"/{i}!"), await Task.WhenAll(calls).WaitAsync(Safety.Limit));
    }

    [Fact]
    public async Task No_more_requests_are_under_way_than_may_be_and_the_others_wait_for_their_turn()
    {
        await using ScriptedSession scripted =
            await ScriptedSession.OpenAsync(new ZabClientOptions { RequestsInFlightMax = 2 });
        FakeConnection server = scripted.Connection;
        Task<Zxid>[] calls = [.. Enumerable.Range(0, 20).Select(_ => scripted.Session.SyncAsync())];

        List<WireRequest> waiting = [await server.NextAsync(), await server.NextAsync()];
        Task<WireRequest> third = server.NextAsync();
        Assert.False(third.IsCompleted);
        await server.AnswerAsync(waiting[0]);
        WireRequest next = await third;
        await server.AnswerAsync(waiting[1]);
        await server.AnswerAsync(next);
        for (int i = 3; i < calls.Length; i++)
        {
            await server.AnswerAsync(await server.NextAsync());
        }

        await Task.WhenAll(calls).WaitAsync(Safety.Limit);
    }

    [Fact]
    public async Task One_call_too_many_is_refused()
    {
        await using ScriptedSession scripted =
            await ScriptedSession.OpenAsync(new ZabClientOptions { SessionRequestsMax = 2 });
        Task<Zxid>[] calls = [scripted.Session.SyncAsync(), scripted.Session.SyncAsync()];

        await Assert.ThrowsAsync<RequestThrottledException>(() => scripted.Session.SyncAsync());

        Assert.All(calls, call => Assert.False(call.IsCompleted));
    }

    [Fact]
    public async Task A_call_that_was_given_up_holds_up_no_other()
    {
        await using ScriptedSession scripted = await ScriptedSession.OpenAsync();
        using CancellationTokenSource giveUp = new();
        Task<Zxid> given = scripted.Session.DeleteAsync("/a", cancellationToken: giveUp.Token);
        WireRequest sent = await scripted.Connection.NextAsync(OpCode.Delete);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);

        Task<Zxid> other = scripted.Session.DeleteAsync("/b");
        WireRequest second = await scripted.Connection.NextAsync(OpCode.Delete);
        await scripted.Connection.AnswerAsync(sent, zxid: 5);
        await scripted.Connection.AnswerAsync(second, zxid: 6);

        Assert.Equal(6, (await other.WaitAsync(Safety.Limit)).Value);
    }

    [Theory]
    [InlineData(ErrorCode.NoNode, typeof(NoNodeException))]
    [InlineData(ErrorCode.NodeExists, typeof(NodeExistsException))]
    [InlineData(ErrorCode.BadVersion, typeof(BadVersionException))]
    [InlineData(ErrorCode.NotEmpty, typeof(NotEmptyException))]
    [InlineData(ErrorCode.NoAuth, typeof(NoAuthException))]
    [InlineData(ErrorCode.InvalidAcl, typeof(InvalidAclException))]
    [InlineData(ErrorCode.NoChildrenForEphemerals, typeof(NoChildrenForEphemeralsException))]
    [InlineData(ErrorCode.QuotaExceeded, typeof(QuotaExceededException))]
    [InlineData(ErrorCode.SessionExpired, typeof(SessionExpiredException))]
    [InlineData(ErrorCode.ThrottledOp, typeof(RequestThrottledException))]
    [InlineData(ErrorCode.Unimplemented, typeof(ZabException))]
    public async Task Each_error_of_a_server_is_thrown_as_its_own_type(object error, Type type)
    {
        await using ScriptedSession scripted = await ScriptedSession.OpenAsync();
        Task<Zxid> call = scripted.Session.DeleteAsync("/a");
        await scripted.Connection.AnswerAsync(await scripted.Connection.NextAsync(), (ErrorCode)error);

        ZabException thrown = (ZabException)await Assert.ThrowsAsync(type, () => call.WaitAsync(Safety.Limit));

        Assert.Equal(((ErrorCode)error, "/a"), (thrown.ErrorCode, thrown.Path));
    }

    [Fact]
    public async Task Children_are_listed_in_the_order_of_their_bytes_and_by_pages()
    {
        await using ScriptedSession scripted = await ScriptedSession.OpenAsync();
        ClientReply reply = new() { Children = ["c", "a", "ä", "b", "B"] };

        Task<IReadOnlyList<string>> all = scripted.Session.GetChildrenAsync("/").AsTask();
        await scripted.Connection.AnswerAsync(await scripted.Connection.NextAsync(OpCode.GetChildren), reply);
        Task<IReadOnlyList<string>> page = scripted.Session.GetChildrenAsync("/", after: "a", limit: 2).AsTask();
        await scripted.Connection.AnswerAsync(await scripted.Connection.NextAsync(OpCode.GetChildren), reply);
        Task<IReadOnlyList<string>> rest = scripted.Session.GetChildrenAsync("/", after: "bb", limit: 9).AsTask();
        await scripted.Connection.AnswerAsync(await scripted.Connection.NextAsync(OpCode.GetChildren), reply);

        Assert.Equal(["B", "a", "b", "c", "ä"], await all.WaitAsync(Safety.Limit));
        Assert.Equal(["b", "c"], await page.WaitAsync(Safety.Limit));
        Assert.Equal(["c", "ä"], await rest.WaitAsync(Safety.Limit));
    }

    [Fact]
    public async Task A_read_that_is_linearizable_stands_behind_a_sync()
    {
        await using ScriptedSession scripted = await ScriptedSession.OpenAsync();
        Task<ZnodeSnapshot> read = scripted.Session.GetAsync("/a", ReadConsistency.Linearizable).AsTask();

        await scripted.Connection.AnswerAsync(await scripted.Connection.NextAsync(OpCode.Sync));
        await scripted.Connection.AnswerAsync(
            await scripted.Connection.NextAsync(OpCode.GetData), new ClientReply { Data = new byte[] { 7 } });

        Assert.Equal([7], (await read.WaitAsync(Safety.Limit)).Data!.Value.ToArray());
    }

    [Fact]
    public async Task A_request_that_servers_would_not_take_is_not_sent()
    {
        await using ScriptedSession scripted =
            await ScriptedSession.OpenAsync(new ZabClientOptions { RequestBytesMax = 1024 });

        await Assert.ThrowsAsync<RequestTooLargeException>(() => scripted.Session.CreateAsync("/a", new byte[1000]));
        await Assert.ThrowsAsync<RequestTooLargeException>(() => scripted.Session.CreateAsync("/a", new byte[2000]));

        Task<Zxid> next = scripted.Session.SyncAsync();
        await scripted.Connection.AnswerAsync(await scripted.Connection.NextAsync(OpCode.Sync));
        await next.WaitAsync(Safety.Limit);
    }

    [Fact]
    public async Task A_transaction_of_a_session_that_is_over_fails_by_that_and_not_by_an_operation()
    {
        await using ScriptedSession scripted = await ScriptedSession.OpenAsync();
        FakeConnection server = scripted.Connection;

        Task<TransactionResult> multi =
            scripted.Session.MultiAsync([ZabOperation.Check("/"), ZabOperation.Delete("/a")]);
        await server.AnswerAsync(await server.NextAsync(), ErrorCode.SessionExpired);

        await Assert.ThrowsAsync<SessionExpiredException>(() => multi.WaitAsync(Safety.Limit));
    }

    [Fact]
    public async Task Below_a_chroot_the_server_sees_whole_paths_and_the_session_short_ones()
    {
        await using ScriptedSession scripted = await ScriptedSession.OpenAsync(chroot: "/app");
        FakeConnection server = scripted.Connection;

        Task<string> create = scripted.Session.CreateAsync("/", mode: CreateMode.PersistentSequential);
        WireRequest created = await server.NextAsync();
        await server.AnswerAsync(created, new ClientReply { Path = "/app/0000000001" });
        Task<TransactionResult> multi = scripted.Session.MultiAsync([ZabOperation.Create("/b"), ZabOperation.Check("/")]);
        WireRequest several = await server.NextAsync();
        await server.AnswerAsync(several, new ClientReply
        {
            Results = [new() { Op = OpCode.Create2, Path = "/app/b" }, new() { Op = OpCode.Check }],
        });
        Task<IReadOnlyList<string>> ephemerals = scripted.Session.GetEphemeralsAsync();
        WireRequest listed = await server.NextAsync();
        await server.AnswerAsync(listed, new ClientReply { Children = ["/app/e"] });
        Task<Watched<Stat?>> watched = scripted.Session.ExistsAndWatchAsync("/w");
        WireRequest asked = await server.NextAsync();
        await server.AnswerAsync(asked, ErrorCode.NoNode);
        await server.FireAsync(WatchEventType.NodeCreated, "/app/w", 9);

        Assert.Equal(("/app/", "/app/", "/app/w"),
            (created.Operation!.Value.Path, listed.Operation!.Value.Path, asked.Operation!.Value.Path));
        Assert.Equal(["/app/b", "/app"], several.Operation!.Value.Operations!.Select(part => part.Path));
        Assert.Equal("/0000000001", await create.WaitAsync(Safety.Limit));
        Assert.Equal(["/b", "/"], (await multi.WaitAsync(Safety.Limit)).Results.Select(result => result.Path));
        Assert.Equal(["/e"], await ephemerals.WaitAsync(Safety.Limit));
        Assert.Equal("/w", (await (await watched).Changed.WaitAsync(Safety.Limit)).Path);
    }

    [Fact]
    public async Task What_the_protocol_lacks_says_so()
    {
        await using ScriptedSession scripted = await ScriptedSession.OpenAsync();
        IZabSession session = scripted.Session;

        await Assert.ThrowsAsync<NotSupportedException>(() => session.GetAsync("/", new Zxid(1)).AsTask());
        await Assert.ThrowsAsync<NotSupportedException>(() => session.DiffAsync(new Zxid(1), new Zxid(2)).AsTask());
        await Assert.ThrowsAsync<NotSupportedException>(
            async () => await session.WatchFromAsync("/", Zxid.None).GetAsyncEnumerator().MoveNextAsync());
    }

    [Fact]
    public async Task Credentials_that_are_refused_change_nothing()
    {
        await using ScriptedSession scripted = await ScriptedSession.OpenAsync();
        Task adding = scripted.Session.AddAuthAsync("digest", "a:b"u8.ToArray());
        WireRequest auth = await scripted.Connection.NextAsync(OpCode.Auth);
        await scripted.Connection.AnswerAsync(auth, ErrorCode.AuthFailed);

        await Assert.ThrowsAsync<AuthFailedException>(() => adding.WaitAsync(Safety.Limit));

        FakeConnection second = await scripted.ReconnectAsync(scripted.Connection);
        Task<IReadOnlyList<Identity>> who = scripted.Session.WhoAmIAsync();
        await second.AnswerAsync(await second.NextAsync(OpCode.WhoAmI), new ClientReply { Identities = [] });
        Assert.Empty(await who.WaitAsync(Safety.Limit));
    }
}
