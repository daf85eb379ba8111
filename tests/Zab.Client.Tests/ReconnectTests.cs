using Zab.Client.Tests.Servers;
using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Core.Watches;
using Zab.Wire;

namespace Zab.Client.Tests;

public sealed class ReconnectTests
{
    [Fact]
    public async Task The_next_server_hears_id_password_and_the_newest_transaction()
    {
        await using ScriptedSession scripted = await ScriptedSession.OpenAsync();
        Task<Zxid> sync = scripted.Session.SyncAsync();
        await scripted.Connection.AnswerAsync(await scripted.Connection.NextAsync(), zxid: 99);
        await sync.WaitAsync(Safety.Limit);

        FakeConnection second = await scripted.ReconnectAsync(scripted.Connection);

        Assert.Equal(
            (FakeConnection.Session, 99L), (second.Hello.Session.Value, second.Hello.Seen.Value));
        Assert.Equal(FakeConnection.Password, second.Hello.Password!.Value);
    }

    [Fact]
    public async Task A_session_is_suspended_while_it_has_no_server_and_then_reconnected()
    {
        await using ScriptedSession scripted = await ScriptedSession.OpenAsync();
        await using IAsyncEnumerator<ZabSessionState> states = scripted.Session.StateChanges().GetAsyncEnumerator();
        async Task<ZabSessionState> NextAsync() =>
            await states.MoveNextAsync().AsTask().WaitAsync(Safety.Limit) ? states.Current : default;

        Assert.Equal(ZabSessionState.Connected, await NextAsync());
        scripted.Connection.Drop();
        Assert.Equal(ZabSessionState.Suspended, await NextAsync());
        FakeConnection second = await scripted.Server.GreetAsync();
        Assert.Equal(ZabSessionState.Reconnected, await NextAsync());
        second.Drop();
        _ = await scripted.Server.GreetAsync(timeoutMs: 0);
        ZabSessionState last = await NextAsync();
        Assert.Equal(ZabSessionState.Expired, last is ZabSessionState.Suspended ? await NextAsync() : last);
        Assert.False(await states.MoveNextAsync());
    }

    [Fact]
    public async Task A_write_under_way_fails_and_is_never_sent_again_but_a_read_is()
    {
        await using ScriptedSession scripted = await ScriptedSession.OpenAsync();
        Task<ZnodeSnapshot> firstRead = scripted.Session.GetAsync("/1").AsTask();
        Task<Stat> write = scripted.Session.SetAsync("/a", null);
        Task<ZnodeSnapshot> lastRead = scripted.Session.GetAsync("/2").AsTask();
        for (int i = 0; i < 3; i++)
        {
            await scripted.Connection.NextAsync();
        }

        FakeConnection second = await scripted.ReconnectAsync(scripted.Connection);

        ConnectionLossException loss =
            await Assert.ThrowsAsync<ConnectionLossException>(() => write.WaitAsync(Safety.Limit));
        Assert.False(loss.IsOutcomeKnown);
        foreach (string path in (string[])["/1", "/2"])
        {
            WireRequest again = await second.NextAsync(OpCode.GetData);
            Assert.Equal(path, again.Operation!.Value.Path);
            await second.AnswerAsync(again);
        }

        await firstRead.WaitAsync(Safety.Limit);
        await lastRead.WaitAsync(Safety.Limit);
    }

    [Fact]
    public async Task A_call_that_was_made_without_a_server_waits_for_one()
    {
        await using ScriptedSession scripted = await ScriptedSession.OpenAsync();
        scripted.Connection.Drop();
        FakeConnection second = await scripted.Server.AcceptAsync();
        Task<string> create = scripted.Session.CreateAsync("/a");

        await second.GreetAsync();
        await second.AnswerAsync(await second.NextAsync(OpCode.Create2), new ClientReply { Path = "/a" });

        Assert.Equal("/a", await create.WaitAsync(Safety.Limit));
    }

    [Fact]
    public async Task Calls_fail_when_there_was_no_server_for_as_long_as_the_time_out()
    {
        await using ScriptedSession scripted = await ScriptedSession.OpenAsync();
        Task<ZnodeSnapshot> underWay = scripted.Session.GetAsync("/a").AsTask();
        await scripted.Connection.NextAsync(OpCode.GetData);
        scripted.Connection.Drop();
        _ = await scripted.Server.AcceptAsync(); // and nobody greets it
        Task<string> waiting = scripted.Session.CreateAsync("/a");

        scripted.Clock.Advance(scripted.Session.Timeout);

        ConnectionLossException loss =
            await Assert.ThrowsAsync<ConnectionLossException>(() => waiting.WaitAsync(Safety.Limit));
        await Assert.ThrowsAsync<ConnectionLossException>(() => underWay.WaitAsync(Safety.Limit));
        ConnectionLossException later =
            await Assert.ThrowsAsync<ConnectionLossException>(() => scripted.Session.SyncAsync().WaitAsync(Safety.Limit));

        Assert.True(loss.IsOutcomeKnown);
        Assert.True(later.IsOutcomeKnown);
        Assert.Equal(ZabSessionState.Suspended, scripted.Session.State);
    }

    [Fact]
    public async Task An_expired_session_fails_its_calls_and_its_watches()
    {
        await using ScriptedSession scripted = await ScriptedSession.OpenAsync();
        Task<Watched<Stat?>> watched = scripted.Session.ExistsAndWatchAsync("/w");
        await scripted.Connection.AnswerAsync(await scripted.Connection.NextAsync(), ErrorCode.NoNode);
        Task<WatchEvent> changed = (await watched.WaitAsync(Safety.Limit)).Changed;
        scripted.Connection.Drop();
        FakeConnection second = await scripted.Server.AcceptAsync();
        Task<string> waiting = scripted.Session.CreateAsync("/a");

        await second.GreetAsync(timeoutMs: 0);

        await Assert.ThrowsAsync<SessionExpiredException>(() => waiting.WaitAsync(Safety.Limit));
        await Assert.ThrowsAsync<SessionExpiredException>(() => changed.WaitAsync(Safety.Limit));
        await Assert.ThrowsAsync<SessionExpiredException>(() => scripted.Session.SyncAsync());
        Assert.Equal(ZabSessionState.Expired, scripted.Session.State);
    }

    [Fact]
    public async Task A_server_that_answers_with_another_session_is_passed_over()
    {
        await using ScriptedSession scripted = await ScriptedSession.OpenAsync();
        scripted.Connection.Drop();
        FakeConnection strange = await scripted.Server.AcceptAsync();
        await strange.SendAsync(new ConnectResponse(30_000, new SessionId(1), FakeConnection.Password, false).Write);
        await strange.ClosedAsync();

        FakeConnection third = await scripted.Server.GreetAsync();

        Task<Zxid> sync = scripted.Session.SyncAsync();
        await third.AnswerAsync(await third.NextAsync(OpCode.Sync));
        await sync.WaitAsync(Safety.Limit);
        Assert.Equal(FakeConnection.Session, scripted.Session.Id.Value);
    }

    [Fact]
    public async Task Who_the_session_is_is_told_before_anything_else()
    {
        await using ScriptedSession scripted = await ScriptedSession.OpenAsync();
        foreach (string name in (string[])["a:b", "c:d", "a:b"])
        {
            Task adding = scripted.Session.AddAuthAsync("digest", System.Text.Encoding.UTF8.GetBytes(name));
            await scripted.Connection.AnswerAsync(await scripted.Connection.NextAsync(OpCode.Auth));
            await adding.WaitAsync(Safety.Limit);
        }

        Task<IReadOnlyList<Identity>> who = scripted.Session.WhoAmIAsync();
        await scripted.Connection.NextAsync(OpCode.WhoAmI);
        FakeConnection second = await scripted.ReconnectAsync(scripted.Connection);

        List<WireRequest> first = [await second.NextAsync(), await second.NextAsync(), await second.NextAsync()];
        Assert.Equal([100, 100, 107], first.Select(request => request.Type));
        Assert.Equal(["a:b", "c:d"], first.Take(2).Select(auth => System.Text.Encoding.UTF8.GetString(auth.Token!.Value.Span)));
        await second.AnswerAsync(first[0]);
        await second.AnswerAsync(first[1]);
        await second.AnswerAsync(first[2], new ClientReply { Identities = [new Identity("ip", "1")] });
        Assert.Single(await who.WaitAsync(Safety.Limit));
    }

    [Fact]
    public async Task A_silent_client_pings_and_a_silent_server_is_left()
    {
        await using ScriptedSession scripted = await ScriptedSession.OpenAsync();
        FakeConnection server = scripted.Connection;
        Task<ZabWatch> opening = scripted.Session.OpenWatchAsync("/", WatchMode.PersistentRecursive);
        await server.AnswerAsync(await server.NextAsync());
        ZabWatch watch = await opening.WaitAsync(Safety.Limit);
        await using IAsyncEnumerator<WatchEvent> events = watch.GetAsyncEnumerator();

        // The server is heard of all the while.
        Task<WireRequest> pinging = server.PacketAsync();
        for (int zxid = 2; !pinging.IsCompleted; zxid++)
        {
            await server.FireAsync(WatchEventType.NodeCreated, "/a", zxid);
            Assert.True(await events.MoveNextAsync().AsTask().WaitAsync(Safety.Limit));
            scripted.Clock.Beat();
        }

        WireRequest ping = await pinging;
        Task closed = server.ClosedAsync();
        while (!closed.IsCompleted)
        {
            scripted.Clock.Beat();
            await Task.Yield();
        }

        await closed;
        FakeConnection second = await scripted.Server.GreetAsync(timeoutMs: 12_000);
        await second.AnswerAsync(await second.NextAsync(OpCode.SetWatches2));

        Assert.Equal((WireXid.Ping, WireType.Ping), (ping.Xid, ping.Type));
        Task<Zxid> sync = scripted.Session.SyncAsync();
        await second.AnswerAsync(await second.NextAsync(OpCode.Sync));
        await sync.WaitAsync(Safety.Limit);
        Assert.Equal(TimeSpan.FromSeconds(12), scripted.Session.Timeout);
    }

    [Fact]
    public async Task A_session_is_closed_even_when_the_connection_is_lost_meanwhile()
    {
        await using ScriptedSession scripted = await ScriptedSession.OpenAsync();
        Task closing = scripted.Session.DisposeAsync().AsTask();
        await scripted.Connection.NextAsync(OpCode.CloseSession);
        FakeConnection second = await scripted.ReconnectAsync(scripted.Connection);

        await second.AnswerAsync(await second.NextAsync(OpCode.CloseSession));

        await closing.WaitAsync(Safety.Limit);
        await second.ClosedAsync();
    }
}
