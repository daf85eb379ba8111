using System.Text;
using Zab.Authentication;
using Zab.Core.Access;
using Zab.Core.Tree;
using Zab.Core.Watches;
using Zab.Testing;

namespace Zab.Tests.Simulation;

/// <summary>The znode service as its users see it, over whole ensembles.</summary>
public sealed class ServiceTests
{
    private static readonly byte[] s_data = "data"u8.ToArray();

    [Fact]
    public void Permissions_keep_others_out() => SimulatedEnsemble.Run(1, async ensemble =>
    {
        await using IZabSession alice = await ensemble.OpenSessionAsync(1);
        await using IZabSession bob = await ensemble.OpenSessionAsync(2);
        await using IZabSession super = await ensemble.OpenSessionAsync(
            3, new SessionOptions { Identities = [Identity.Super] });
        await alice.AddAuthAsync("digest", Encoding.UTF8.GetBytes("alice:secret"));

        _ = await alice.CreateAsync("/a", new CreateOptions { Data = s_data, Acl = Acl.Creator });
        _ = await bob.SyncAsync();

        _ = await Assert.ThrowsAsync<NoAuthException>(async () => await bob.GetAsync("/a"));
        _ = await Assert.ThrowsAsync<NoAuthException>(async () => await bob.ExistsAsync("/a"));
        _ = await Assert.ThrowsAsync<NoAuthException>(async () => await bob.GetChildrenAsync("/a"));
        _ = await Assert.ThrowsAsync<NoAuthException>(() => bob.SetAsync("/a", s_data));
        _ = await Assert.ThrowsAsync<NoAuthException>(() => bob.CreateAsync("/a/b"));
        _ = await Assert.ThrowsAsync<NoAuthException>(() => bob.SetAclAsync("/a", Acl.Open));
        _ = await Assert.ThrowsAsync<NoAuthException>(() => bob.GetAclAsync("/a"));
        _ = await Assert.ThrowsAsync<InvalidAclException>(
            () => bob.CreateAsync("/b", new CreateOptions { Acl = Acl.Creator }));
        Assert.Equal("data", (await alice.GetAsync("/a")).Text);
        Assert.Equal("data", (await super.GetAsync("/a", ReadConsistency.Linearizable)).Text);
        AclEntry entry = Assert.Single((await alice.GetAclAsync("/a")).Acl);
        Assert.Equal(DigestAuthenticationProvider.IdOf("alice:secret"), entry.Id);
        Assert.Equal([new Identity("digest", entry.Id)], await alice.WhoAmIAsync());
        Assert.Empty(await bob.WhoAmIAsync());

        Stat stat = await alice.SetAclAsync("/a", Acl.ReadOnly, aversion: 0);

        Assert.Equal(1, stat.Aversion);
        Assert.Equal("data", (await bob.GetAsync("/a", ReadConsistency.Linearizable)).Text);
        _ = await Assert.ThrowsAsync<AuthFailedException>(() => bob.AddAuthAsync("unheard-of", default));
    });

    [Fact]
    public void A_transaction_is_done_whole_or_not_at_all() => SimulatedEnsemble.Run(2, async ensemble =>
    {
        await using IZabSession session = await ensemble.OpenSessionAsync(2);

        TransactionResult done = await session.Transaction()
            .Create("/q")
            .Create("/q/n-", s_data, CreateMode.PersistentSequential)
            .Set("/q", s_data, version: 0)
            .Check("/q", version: 1)
            .CommitAsync();
        TransactionFailedException failed = await Assert.ThrowsAsync<TransactionFailedException>(
            () => session.Transaction()
                .Create("/q/n-", null, CreateMode.PersistentSequential)
                .Delete("/missing")
                .Set("/q", null)
                .CommitAsync());
        string next = await session.CreateAsync("/q/n-", mode: CreateMode.PersistentSequential);

        Assert.Equal("/q/n-0000000000", done.Results[1].Path);
        Assert.All(done.Results.Take(3), result => Assert.Equal(done.Zxid, result.Stat.Mzxid));
        Assert.Equal(1, failed.FailedAt);
        Assert.Equal(
            [ErrorCode.Ok, ErrorCode.NoNode, ErrorCode.RuntimeInconsistency],
            failed.Results.Select(result => result.Error));
        Assert.Equal("/q/n-0000000001", next);
        IReadOnlyList<OperationResult> reads = await session.MultiReadAsync(
            [ZabRead.Data("/q"), ZabRead.Data("/missing"), ZabRead.Children("/q")]);
        Assert.Equal([ErrorCode.Ok, ErrorCode.NoNode, ErrorCode.Ok], reads.Select(read => read.Error));
        Assert.Equal(2, reads[2].Children.Count);
        Assert.Equal(2, await session.GetAllChildrenNumberAsync("/q"));
    });

    [Fact]
    public void A_session_goes_on_at_another_server_with_its_nodes() => SimulatedEnsemble.Run(3, async ensemble =>
    {
        IZabSession first = await ensemble.OpenSessionAsync(1);
        await using IZabSession other = await ensemble.OpenSessionAsync(2);
        _ = await first.CreateAsync("/e", mode: CreateMode.Ephemeral);
        SessionCredentials credentials = first.Credentials;

        _ = await Assert.ThrowsAsync<AuthFailedException>(() => ensemble.ResumeSessionAsync(
            3, credentials with { Password = new byte[16] }));
        await using IZabSession second = await ensemble.ResumeSessionAsync(3, credentials);
        _ = await Assert.ThrowsAsync<SessionMovedException>(() => first.CreateAsync("/x"));
        await ensemble.DelayAsync(first.Timeout * 3);

        Assert.Equal(first.Id, second.Id);
        Assert.Equal(ZabSessionState.Moved, first.State);
        Assert.NotNull(await other.ExistsAsync("/e", ReadConsistency.Linearizable));
        Assert.Equal(["/e"], await second.GetEphemeralsAsync());
        _ = await second.CreateAsync("/y");
        await second.DisposeAsync();
        Assert.Null(await other.ExistsAsync("/e", ReadConsistency.Linearizable));
    });

    [Fact]
    public void A_crashed_process_resumes_its_session() => SimulatedEnsemble.Run(4, async ensemble =>
    {
        IZabSession before = await ensemble.OpenSessionAsync(1, TimeSpan.FromSeconds(20));
        _ = await before.CreateAsync("/e", mode: CreateMode.Ephemeral);
        SessionCredentials credentials = before.Credentials;

        ensemble.Crash(1);
        await using IZabSession after = await ensemble.ResumeSessionAsync(2, credentials);

        Assert.Equal(["/e"], await after.GetEphemeralsAsync());
        ensemble.Restart(1);
        await ensemble.DelayAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(["/e"], await after.GetEphemeralsAsync());
    });

    [Fact]
    public void A_write_that_loses_its_leader_is_done_once()
    {
        int lost = 0;
        for (ulong seed = 1; seed <= 40; seed++)
        {
            SimulatedEnsemble.Run(seed, async ensemble =>
            {
                int leader = ensemble.Leader!.Value;
                int follower = ensemble.Servers.First(id => id != leader);
                await using IZabSession session =
                    await ensemble.OpenSessionAsync(follower, TimeSpan.FromSeconds(20));
                _ = await session.CreateAsync("/q");
                List<Task<string>> creates = [];
                for (int i = 0; i < 20; i++)
                {
                    creates.Add(session.CreateAsync("/q/n-", mode: CreateMode.PersistentSequential));
                    await ensemble.DelayAsync(TimeSpan.FromMicroseconds(ensemble.Random.Next(300)));
                    if (i == 10)
                    {
                        ensemble.Crash(leader);
                    }
                }

                string[] paths = await Task.WhenAll(creates);

                IReadOnlyList<string> children =
                    await session.GetChildrenAsync("/q", ReadConsistency.Linearizable);
                Assert.Equal(children.Select(name => $"/q/{name}"), paths);
                Assert.Equal(20, children.Count);
                lost += ensemble.Leader != leader ? 1 : 0;
            });
        }

        Assert.Equal(40, lost);
    }

    [Fact]
    public void An_outcome_that_cannot_be_known_says_so() => SimulatedEnsemble.Run(6, async ensemble =>
    {
        int leader = ensemble.Leader!.Value;
        IZabSession session = await ensemble.OpenSessionAsync(leader);
        foreach (int other in ensemble.Servers.Where(id => id != leader))
        {
            ensemble.Crash(other);
        }

        ConnectionLossException lost =
            await Assert.ThrowsAsync<ConnectionLossException>(() => session.CreateAsync("/a"));

        Assert.False(lost.IsOutcomeKnown);
        Assert.True(ensemble.Elapsed >= session.Timeout);
    });

    [Fact]
    public void Containers_and_old_nodes_go_by_themselves() => SimulatedEnsemble.Run(7, async ensemble =>
    {
        await using IZabSession session = await ensemble.OpenSessionAsync(1);
        _ = await session.CreateAsync("/never", mode: CreateMode.Container);
        _ = await session.CreateAsync("/c", mode: CreateMode.Container);
        _ = await session.CreateAsync("/c/child");
        CreateOptions old = new()
        {
            Mode = CreateMode.PersistentWithTtl,
            TimeToLive = TimeSpan.FromSeconds(90),
        };
        _ = await session.CreateAsync("/old", old);
        _ = await session.CreateAsync("/renewed", old);
        await ensemble.DelayAsync(TimeSpan.FromMinutes(1));
        _ = await session.SetAsync("/renewed", s_data);

        Assert.NotNull(await session.ExistsAsync("/c"));
        await session.DeleteAsync("/c/child");
        await ensemble.DelayAsync(TimeSpan.FromSeconds(80));

        Assert.Null(await session.ExistsAsync("/c"));
        Assert.Null(await session.ExistsAsync("/old"));
        Assert.NotNull(await session.ExistsAsync("/renewed"));
        Assert.NotNull(await session.ExistsAsync("/never"));
        await ensemble.DelayAsync(TimeSpan.FromMinutes(3));
        Assert.Null(await session.ExistsAsync("/renewed"));
        _ = await Assert.ThrowsAsync<ArgumentException>(
            () => session.CreateAsync("/x", new CreateOptions { TimeToLive = TimeSpan.FromSeconds(1) }));
    });

    [Fact]
    public void A_quota_is_exact_and_shows_what_is_used() => SimulatedEnsemble.Run(8, async ensemble =>
    {
        await using IZabSession session = await ensemble.OpenSessionAsync(2);
        _ = await session.CreateAsync("/a");
        _ = await session.CreateAsync("/zookeeper/quota/a");
        _ = await session.CreateAsync(
            "/zookeeper/quota/a/zookeeper_limits",
            "count=-1,bytes=-1=;byteHardLimit=8;countHardLimit=3"u8.ToArray());
        _ = await session.CreateAsync("/zookeeper/quota/a/zookeeper_stats");

        _ = await session.CreateAsync("/a/1", "1234"u8.ToArray());
        _ = await Assert.ThrowsAsync<QuotaExceededException>(() => session.CreateAsync("/a/2", new byte[5]));
        TransactionFailedException failed = await Assert.ThrowsAsync<TransactionFailedException>(
            () => session.Transaction().Create("/a/2").Create("/a/3").CommitAsync());
        _ = await session.CreateAsync("/a/2");
        ZnodeSnapshot used = await session.GetAsync("/zookeeper/quota/a/zookeeper_stats");

        Assert.Equal(ErrorCode.QuotaExceeded, failed.ErrorCode);
        Assert.Equal(1, failed.FailedAt);
        Assert.Equal("count=3,bytes=4", used.Text);
        Assert.Equal(used.Text!.Length, used.Stat.DataLength);
        await session.DeleteAsync("/a/2");
        Assert.Equal("count=2,bytes=4", (await session.GetAsync("/zookeeper/quota/a/zookeeper_stats")).Text);
        _ = await session.SetAsync("/a/1", new byte[8]);
        _ = await Assert.ThrowsAsync<QuotaExceededException>(() => session.SetAsync("/a/1", new byte[9]));
    });

    [Fact]
    public void An_event_is_kept_from_whoever_may_not_read() => SimulatedEnsemble.Run(9, async ensemble =>
    {
        await using IZabSession writer = await ensemble.OpenSessionAsync(
            1, new SessionOptions { Identities = [Identity.Super] });
        await using IZabSession reader = await ensemble.OpenSessionAsync(1);
        ZabWatch watch = await reader.OpenWatchAsync("/", WatchMode.PersistentRecursive);

        _ = await writer.CreateAsync("/secret", new CreateOptions
        {
            Acl = new Acl(new AclEntry(AclPermissions.All, "digest", "a:b")),
        });
        _ = await writer.SetAsync("/secret", s_data);
        _ = await writer.CreateAsync("/open");
        List<string> seen = [];
        await foreach (WatchEvent fired in watch)
        {
            seen.Add(fired.Path);
            break;
        }

        Assert.Equal(["/open"], seen);
    });
}
