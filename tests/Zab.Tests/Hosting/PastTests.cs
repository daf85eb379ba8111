using Zab.Core.Primitives;

namespace Zab.Tests.Hosting;

public sealed class PastTests
{
    private static readonly byte[] s_data = [1];

    [Fact]
    public async Task A_node_can_be_read_as_it_was()
    {
        await using TestEnsemble ensemble = await TestEnsemble.OfOneAsync();
        await using IZabSession session = await ensemble[1].OpenSessionAsync(cancellationToken: Safety.Token);
        CreateResult created = await session.CreateWithStatAsync("/a", "one"u8.ToArray());
        Zxid set = (await session.SetAsync("/a", "two"u8.ToArray())).Mzxid;
        Zxid deleted = await session.DeleteAsync("/a");

        ZnodeSnapshot first = await session.GetAsync("/a", asOf: created.Stat.Czxid);
        ZnodeSnapshot second = await session.GetAsync("/a", asOf: set);

        Assert.Equal(("one", created.Stat.Czxid), (first.Text, first.Zxid));
        Assert.Equal(("two", set), (second.Text, second.Zxid));
        await Assert.ThrowsAsync<NoNodeException>(async () => await session.GetAsync("/a", asOf: deleted));
        NotYetAppliedException early = await Assert.ThrowsAsync<NotYetAppliedException>(
            async () => await session.GetAsync("/a", asOf: new Zxid(deleted.Value + 1)));
        Assert.Equal(deleted, early.LastApplied);
    }

    [Fact]
    public async Task States_that_are_kept_no_longer_are_named_as_gone()
    {
        TestEnsemble ensemble = new(voters: 1);
        await (await ensemble.StartAsync(
            1, change: options => options with { StatesKept = 3 })).ServingAsync();
        await using TestEnsemble owned = ensemble;
        await using IZabSession session = await ensemble[1].OpenSessionAsync(cancellationToken: Safety.Token);
        Zxid[] zxids = new Zxid[6];
        for (int i = 0; i < zxids.Length; i++)
        {
            zxids[i] = (await session.CreateWithStatAsync($"/n{i}", s_data)).Stat.Czxid;
        }

        HistoryGoneException gone = await Assert.ThrowsAsync<HistoryGoneException>(
            async () => await session.GetAsync("/n0", asOf: zxids[2]));

        Assert.Equal(zxids[3], gone.OldestKept);
        Assert.Equal(zxids[3], (await session.GetAsync("/n0", asOf: zxids[3])).Zxid);
        await Assert.ThrowsAsync<NoNodeException>(
            async () => await session.GetAsync("/n4", asOf: zxids[3]));
    }

    [Fact]
    public async Task With_nothing_kept_there_is_the_newest_state_alone()
    {
        TestEnsemble ensemble = new(voters: 1);
        await (await ensemble.StartAsync(
            1, change: options => options with { StatesKept = 0 })).ServingAsync();
        await using TestEnsemble owned = ensemble;
        await using IZabSession session = await ensemble[1].OpenSessionAsync(cancellationToken: Safety.Token);
        Zxid first = (await session.CreateWithStatAsync("/a", s_data)).Stat.Czxid;
        Zxid second = (await session.SetAsync("/a", s_data)).Mzxid;

        Assert.Equal(second, (await session.GetAsync("/a", asOf: second)).Zxid);
        await Assert.ThrowsAsync<HistoryGoneException>(
            async () => await session.GetAsync("/a", asOf: first));
    }

    [Theory]
    [InlineData(0, int.MaxValue)]
    [InlineData(int.MaxValue, 0)]
    [InlineData(5, int.MaxValue)]
    [InlineData(int.MaxValue, 2000)]
    public async Task States_are_bounded_by_transactions_and_by_their_bytes(int transactions, int bytes)
    {
        TestEnsemble ensemble = new(voters: 1);
        await (await ensemble.StartAsync(1, change: options => options with
        {
            StateTransactionsKept = transactions,
            StateBytesKept = bytes,
        })).ServingAsync();
        await using TestEnsemble owned = ensemble;
        await using IZabSession session = await ensemble[1].OpenSessionAsync(cancellationToken: Safety.Token);
        List<Zxid> zxids = [];
        for (int i = 0; i < 20; i++)
        {
            zxids.Add((await session.CreateWithStatAsync($"/n{i}", new byte[900])).Stat.Czxid);
        }

        HistoryGoneException gone = await Assert.ThrowsAsync<HistoryGoneException>(
            async () => await session.GetAsync("/n0", asOf: zxids[0]));

        int kept = zxids.Count - zxids.IndexOf(gone.OldestKept);
        Assert.Equal(transactions == 5 ? 6 : bytes == 2000 ? 3 : 1, kept);
    }

    [Fact]
    public async Task The_difference_of_two_states_is_what_changed_between_them()
    {
        await using TestEnsemble ensemble = await TestEnsemble.OfOneAsync();
        await using IZabSession session = await ensemble[1].OpenSessionAsync(cancellationToken: Safety.Token);
        await session.CreateAsync("/a", s_data);
        Zxid from = (await session.CreateWithStatAsync("/b", s_data)).Stat.Czxid;
        await session.CreateAsync("/a/c", s_data);
        await session.SetAsync("/a", s_data);
        await session.SetAsync("/a", s_data);
        await session.CreateAsync("/gone", s_data);
        await session.DeleteAsync("/gone");
        Zxid until = await session.DeleteAsync("/b");
        await session.CreateAsync("/later", s_data);

        TreeDifference difference = await session.DiffAsync(from, until);

        Assert.Equal((from, until), (difference.From, difference.To));
        Assert.Equal(
            ["Deleted /b", "DataChanged /a", "Created /a/c"],
            difference.Changes.Select(change => $"{change.Kind} {change.Path}"));
        Assert.Empty((await session.DiffAsync(from, from)).Changes);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            async () => await session.DiffAsync(until, from));
    }

    [Fact]
    public async Task Children_are_listed_page_by_page_in_the_order_of_their_bytes()
    {
        await using TestEnsemble ensemble = await TestEnsemble.OfOneAsync();
        await using IZabSession session = await ensemble[1].OpenSessionAsync(cancellationToken: Safety.Token);
        await session.CreateAsync("/d", s_data);
        string[] names = ["B", "a", "a0", "aa", "\u00e9", "z", "\u4e2d"];
        foreach (string name in names.Reverse())
        {
            await session.CreateAsync($"/d/{name}", s_data);
        }

        string[] byBytes = [.. names.OrderBy(name => Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(name)),
            StringComparer.Ordinal)];
        foreach (ReadConsistency consistency in Enum.GetValues<ReadConsistency>())
        {
            List<string> listed = [];
            IReadOnlyList<string> page;
            do
            {
                page = await session.GetChildrenAsync(
                    "/d", listed.LastOrDefault(), 3, consistency, Safety.Token);
                listed.AddRange(page);
            }
            while (page.Count == 3);
            Assert.Equal(byBytes, listed);
        }

        ValueTask<IReadOnlyList<string>> atOnce = session.GetChildrenAsync("/d", null, 3);
        Assert.True(atOnce.IsCompletedSuccessfully);
        Assert.Equal(byBytes[..3], await atOnce);
        Assert.Equal(["aa"], await session.GetChildrenAsync("/d", "a1", 1));
        await Assert.ThrowsAsync<NoNodeException>(async () => await session.GetChildrenAsync("/x", null, 3));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            async () => await session.GetChildrenAsync("/d", null, 0));
    }

    [Fact]
    public async Task A_page_waits_for_the_earlier_writes_of_its_session_and_shows_no_later_ones()
    {
        await using TestEnsemble ensemble = await TestEnsemble.OfAsync(3);
        await using IZabSession session = await ensemble[1].OpenSessionAsync(cancellationToken: Safety.Token);
        await session.CreateAsync("/d", s_data);

        List<Task<IReadOnlyList<string>>> pages = [];
        List<Task> writes = [];
        for (int i = 0; i < 50; i++)
        {
            writes.Add(session.CreateAsync($"/d/n{i:00}", s_data));
            pages.Add(session.GetChildrenAsync("/d", null, 100).AsTask());
        }

        await Task.WhenAll(writes);
        for (int i = 0; i < 50; i++)
        {
            Assert.Equal(i + 1, (await pages[i]).Count);
        }
    }
}
