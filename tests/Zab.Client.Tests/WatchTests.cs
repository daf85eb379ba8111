using Zab.Client.Connections;
using Zab.Client.Tests.Servers;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Core.Watches;
using Zab.Wire;

namespace Zab.Client.Tests;

public sealed class WatchTests
{
    [Fact]
    public async Task An_event_reaches_its_watch_before_the_answer_that_follows_it_is_seen()
    {
        await using ScriptedSession scripted = await ScriptedSession.OpenAsync();
        FakeConnection server = scripted.Connection;
        Task<Watched<ZnodeSnapshot>> watching = scripted.Session.GetAndWatchAsync("/a");
        await server.AnswerAsync(await server.NextAsync());
        Watched<ZnodeSnapshot> watched = await watching.WaitAsync(Safety.Limit);

        Task<Stat> set = scripted.Session.SetAsync("/a", null);
        WireRequest asked = await server.NextAsync(OpCode.SetData);
        await server.FireAsync(WatchEventType.NodeDataChanged, "/a", 7);
        await server.AnswerAsync(asked, zxid: 7);
        await set.WaitAsync(Safety.Limit);

        Assert.True(watched.Changed.IsCompleted);
        Assert.Equal(new WatchEvent(WatchEventType.NodeDataChanged, "/a", new Zxid(7)), await watched.Changed);
    }

    [Fact]
    public async Task All_watches_are_set_again_each_in_its_own_list()
    {
        await using ScriptedSession scripted = await ScriptedSession.OpenAsync();
        FakeConnection server = scripted.Connection;
        IZabSession session = scripted.Session;
        _ = await AnsweredAsync(session.GetAndWatchAsync("/data"), server, ErrorCode.Ok);
        _ = await AnsweredAsync(session.ExistsAndWatchAsync("/there"), server, ErrorCode.Ok);
        _ = await AnsweredAsync(session.ExistsAndWatchAsync("/missing"), server, ErrorCode.NoNode);
        _ = await AnsweredAsync(session.GetChildrenAndWatchAsync("/parent"), server, ErrorCode.Ok);
        _ = await AnsweredAsync(session.OpenWatchAsync("/stays", WatchMode.Persistent), server, ErrorCode.Ok);
        ZabWatch tree = await AnsweredAsync(
            session.OpenWatchAsync("/tree", WatchMode.PersistentRecursive), server, ErrorCode.Ok);
        await Assert.ThrowsAsync<NoNodeException>(
            () => AnsweredAsync(session.GetAndWatchAsync("/none"), server, ErrorCode.NoNode));

        FakeConnection second = await scripted.ReconnectAsync(server);
        WireRequest once = await second.NextAsync(OpCode.SetWatches);
        WireRequest lasting = await second.NextAsync(OpCode.SetWatches2);
        await second.AnswerAsync(once);
        await second.AnswerAsync(lasting);
        await second.FireAsync(WatchEventType.NodeCreated, "/tree/x/y", 50);

        WatchSet set = once.Operation!.Value.Watches!;
        WatchSet stays = lasting.Operation!.Value.Watches!;
        Assert.Equal((WireXid.SetWatches, WireXid.SetWatches), (once.Xid, lasting.Xid));
        Assert.Equal(1, set.Seen.Value);
        Assert.Equal(["/data", "/there"], set.Data.Order());
        Assert.Equal(["/missing"], set.Exist);
        Assert.Equal(["/parent"], set.Children);
        Assert.Equal(["/stays"], stays.Persistent);
        Assert.Equal(["/tree"], stays.PersistentRecursive);
        await using IAsyncEnumerator<WatchEvent> events = tree.GetAsyncEnumerator();
        Assert.True(await events.MoveNextAsync().AsTask().WaitAsync(Safety.Limit));
        Assert.Equal("/tree/x/y", events.Current.Path);
    }

    [Fact]
    public async Task A_watch_that_was_under_way_is_left_by_the_read_that_is_asked_again()
    {
        await using ScriptedSession scripted = await ScriptedSession.OpenAsync();
        Task<Watched<ZnodeSnapshot>> watching = scripted.Session.GetAndWatchAsync("/a");
        await scripted.Connection.NextAsync(OpCode.GetData);
        FakeConnection second = await scripted.ReconnectAsync(scripted.Connection);

        await second.AnswerAsync(await second.NextAsync(OpCode.GetData));
        await second.FireAsync(WatchEventType.NodeDeleted, "/a", 3);

        Watched<ZnodeSnapshot> watched = await watching.WaitAsync(Safety.Limit);
        Assert.Equal(WatchEventType.NodeDeleted, (await watched.Changed.WaitAsync(Safety.Limit)).Type);
    }

    [Fact]
    public void Many_watches_go_in_frames_below_128_KB_and_none_is_left_out()
    {
        LocalPath[] watches = [.. Enumerable.Range(0, 5000).Select(i => new LocalPath($"/{new string('x', 90)}{i}"))];

        List<ClientRequest> batches = [.. WatchBatches.Of(watches, new Chroot("/app"), new Zxid(3))];

        Assert.True(batches.Count > 3);
        Assert.All(batches, batch =>
        {
            JuteWriter writer = new(64);
            RequestFormat.Write(writer, WireXid.SetWatches, batch);
            Assert.InRange(writer.Length, 1, 128 * 1024);
        });
        Assert.Equal(
            watches.Select(watch => "/app" + watch.Path).Order(StringComparer.Ordinal),
            batches.SelectMany(batch => batch.Watches!.Data).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task With_a_server_that_knows_no_lasting_watches_they_end_and_the_session_goes_on()
    {
        await using ScriptedSession scripted = await ScriptedSession.OpenAsync();
        FakeConnection server = scripted.Connection;
        ZabWatch stays = await AnsweredAsync(
            scripted.Session.OpenWatchAsync("/stays", WatchMode.Persistent), server, ErrorCode.Ok);
        _ = await AnsweredAsync(scripted.Session.GetAndWatchAsync("/data"), server, ErrorCode.Ok);
        FakeConnection second = await scripted.ReconnectAsync(server);
        await second.AnswerAsync(await second.NextAsync(OpCode.SetWatches));
        await second.AnswerAsync(await second.NextAsync(OpCode.SetWatches2), ErrorCode.Unimplemented);

        FakeConnection third = await scripted.ReconnectAsync(second);
        await third.AnswerAsync(await third.NextAsync(OpCode.SetWatches));
        Task<Zxid> sync = scripted.Session.SyncAsync();
        await third.AnswerAsync(await third.NextAsync(OpCode.Sync));

        await sync.WaitAsync(Safety.Limit);
        ZabException ended = await Assert.ThrowsAsync<ZabException>(
            async () => await stays.GetAsyncEnumerator().MoveNextAsync().AsTask().WaitAsync(Safety.Limit));
        Assert.Equal(ErrorCode.Unimplemented, ended.ErrorCode);
    }

    /// <summary>It would wait for events that never come.</summary>
    [Fact]
    public async Task A_server_that_does_not_take_the_watches_is_left_for_another()
    {
        await using ScriptedSession scripted = await ScriptedSession.OpenAsync();
        Task<Watched<ZnodeSnapshot>> watching = scripted.Session.GetAndWatchAsync("/a");
        await scripted.Connection.AnswerAsync(await scripted.Connection.NextAsync(OpCode.GetData));
        Watched<ZnodeSnapshot> watched = await watching.WaitAsync(Safety.Limit);
        FakeConnection second = await scripted.ReconnectAsync(scripted.Connection);
        WireRequest refused = await second.NextAsync(OpCode.SetWatches);
        Task<ZnodeSnapshot> read = scripted.Session.GetAsync("/b").AsTask();
        WireRequest behind = await second.NextAsync(OpCode.GetData);

        await second.AnswerAsync(refused, ErrorCode.ThrottledOp);
        _ = await Assert.ThrowsAnyAsync<IOException>(second.NextAsync); // its pings are answered until it goes

        FakeConnection third = await scripted.Server.GreetAsync();
        WireRequest again = await third.NextAsync(OpCode.SetWatches);
        await third.AnswerAsync(again);
        await third.AnswerAsync(await third.NextAsync(OpCode.GetData));
        await third.FireAsync(WatchEventType.NodeDeleted, "/a", 3);
        Assert.Equal(["/a"], again.Operation!.Value.Watches!.Data);
        Assert.Equal("/b", behind.Operation!.Value.Path);
        await read.WaitAsync(Safety.Limit);
        Assert.Equal(WatchEventType.NodeDeleted, (await watched.Changed.WaitAsync(Safety.Limit)).Type);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_old_server_removes_a_lasting_watch_only_when_no_other_would_go_with_it(bool isAlone)
    {
        await using ScriptedSession scripted = await ScriptedSession.OpenAsync();
        FakeConnection server = scripted.Connection;
        ZabWatch stays = await AnsweredAsync(
            scripted.Session.OpenWatchAsync("/a", WatchMode.Persistent), server, ErrorCode.Ok);
        if (!isAlone)
        {
            _ = await AnsweredAsync(scripted.Session.GetAndWatchAsync("/a"), server, ErrorCode.Ok);
        }

        Task disposing = stays.DisposeAsync().AsTask();
        WireRequest removal = await server.NextAsync(OpCode.RemoveWatches);
        await server.AnswerAsync(removal, ErrorCode.MarshallingError);
        await disposing.WaitAsync(Safety.Limit);
        Task<Zxid> sync = scripted.Session.SyncAsync();

        Assert.Equal(WatchMode.Persistent, removal.Operation!.Value.WatchMode);
        WireRequest next = await server.NextAsync();
        Assert.Equal(isAlone ? OpCode.RemoveWatches : OpCode.Sync, next.Operation!.Value.Op);
        Assert.Null(next.Operation.Value.WatchMode);
        await server.AnswerAsync(next);
        if (isAlone)
        {
            await server.AnswerAsync(await server.NextAsync(OpCode.Sync));
        }

        await sync.WaitAsync(Safety.Limit);
    }

    [Fact]
    public async Task One_watch_too_many_is_refused()
    {
        await using ScriptedSession scripted = await ScriptedSession.OpenAsync(new ZabClientOptions { SessionWatchesMax = 1 });
        Watched<ZnodeSnapshot> only =
            await AnsweredAsync(scripted.Session.GetAndWatchAsync("/a"), scripted.Connection, ErrorCode.Ok);

        await Assert.ThrowsAsync<TooManyWatchesException>(() => scripted.Session.GetAndWatchAsync("/b"));

        await scripted.Connection.FireAsync(WatchEventType.NodeDeleted, "/a", 2);
        await only.Changed.WaitAsync(Safety.Limit);
        _ = await AnsweredAsync(scripted.Session.GetAndWatchAsync("/b"), scripted.Connection, ErrorCode.Ok);
    }

    private static async Task<T> AnsweredAsync<T>(Task<T> call, FakeConnection server, ErrorCode error)
    {
        await server.AnswerAsync(await server.NextAsync(), error);
        return await call.WaitAsync(Safety.Limit);
    }

    private sealed class LocalPath : Zab.Sessions.LocalWatch
    {
        public LocalPath(string path)
            : base(path, WatchMode.Data) => IsActive = true;

        public override void Fire(in WatchEvent fired)
        {
        }

        public override void End(Exception? error)
        {
        }
    }
}
