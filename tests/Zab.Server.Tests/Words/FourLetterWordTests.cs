using System.Globalization;
using Zab.Core.Tree;
using Zab.Core.Watches;
using Zab.Server.Tests.Port;
using Zab.Tests.Hosting;

namespace Zab.Server.Tests.Words;

public sealed class FourLetterWordTests
{
    private static readonly string[] s_all = ["*"];

    [Fact]
    public async Task Only_srvr_is_answered_when_nothing_is_said()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);

        string srvr = await AskAsync(served, "srvr");
        string ruok = await AskAsync(served, "ruok");

        Assert.StartsWith("Zookeeper version: 3.9.", srvr, StringComparison.Ordinal);
        Assert.Equal("ruok is not executed because it is not in the whitelist.\n", ruok);
    }

    [Fact]
    public async Task The_status_is_in_the_lines_that_tools_parse()
    {
        await using ServedEnsemble served = await AllWordsAsync(1);

        string[] lines = (await AskAsync(served, "srvr")).Split('\n');

        Assert.Equal(
            ["Zookeeper version", "Latency min/avg/max", "Received", "Sent", "Connections", "Outstanding", "Zxid", "Mode", "Node count", ""],
            lines.Select(line => line.Split(':')[0]));
        Assert.Contains("Mode: standalone", lines);
        Assert.Contains(lines, line => line.StartsWith("Zxid: 0x", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Each_server_of_an_ensemble_says_what_it_is()
    {
        await using ServedEnsemble served = await AllWordsAsync(3);
        List<string> modes = [];
        for (int id = 1; id <= 3; id++)
        {
            string stat = await AskAsync(served, "stat", id);
            modes.Add(stat.Split('\n').Single(line => line.StartsWith("Mode: ", StringComparison.Ordinal)));
        }

        Assert.Equal(["Mode: follower", "Mode: follower", "Mode: leader"], modes.Order());
    }

    [Fact]
    public async Task The_monitor_counts_nodes_sessions_and_watches()
    {
        await using ServedEnsemble served = await AllWordsAsync(1);
        await using IZabSession session = await served.Nodes[1].OpenSessionAsync(cancellationToken: Safety.Token);
        IReadOnlyDictionary<string, string> before = await MonitorAsync(served);
        _ = await session.CreateAsync("/e", new byte[10], CreateMode.Ephemeral, cancellationToken: Safety.Token);

        IReadOnlyDictionary<string, string> after = await MonitorAsync(served);

        Assert.Equal("standalone", after["zk_server_state"]);
        Assert.Equal(Number(before, "zk_znode_count") + 1, Number(after, "zk_znode_count"));
        Assert.Equal(Number(before, "zk_approximate_data_size") + 10, Number(after, "zk_approximate_data_size"));
        Assert.Equal((1, 1), (Number(after, "zk_ephemerals_count"), Number(after, "zk_global_sessions")));
    }

    [Fact]
    public async Task A_leader_tells_how_many_follow_it()
    {
        await using ServedEnsemble served = await AllWordsAsync(3);
        int leader = served.Nodes[1].Status.Leader.Value;

        IReadOnlyDictionary<string, string> monitor = await MonitorAsync(served, leader);

        Assert.Equal(("leader", "leading - broadcast"), (monitor["zk_server_state"], monitor["zk_peer_state"]));
        Assert.Equal((3, 2, 0), (Number(monitor, "zk_quorum_size"), Number(monitor, "zk_synced_followers"), Number(monitor, "zk_synced_observers")));
    }

    [Fact]
    public async Task Who_watches_what_is_told_by_session_and_by_path()
    {
        await using ServedEnsemble served = await AllWordsAsync(1);
        await using IZabSession session = await served.Nodes[1].OpenSessionAsync(cancellationToken: Safety.Token);
        await using IAsyncEnumerator<WatchEvent> watch =
            session.WatchAsync("/", WatchMode.PersistentRecursive, Safety.Token).GetAsyncEnumerator(Safety.Token);
        ValueTask<bool> next = watch.MoveNextAsync();
        _ = await session.CreateAsync("/seen", cancellationToken: Safety.Token);
        Assert.True(await next);
        string id = session.Id.ToString();

        Assert.Equal("1 connections watching 1 paths\nTotal watches:1\n", await AskAsync(served, "wchs"));
        Assert.Equal($"{id}\n\t/\n\n", await AskAsync(served, "wchc"));
        Assert.Equal($"/\n\t{id}\n\n", await AskAsync(served, "wchp"));
    }

    [Fact]
    public async Task The_dump_names_sessions_ephemerals_and_connections()
    {
        await using ServedEnsemble served = await AllWordsAsync(1);
        using WireClient client = await served.ClientAsync();
        await using IZabSession session = await served.Nodes[1].OpenSessionAsync(cancellationToken: Safety.Token);
        _ = await session.CreateAsync("/e", mode: CreateMode.Ephemeral, cancellationToken: Safety.Token);

        string dump = await AskAsync(served, "dump");

        Assert.StartsWith("SessionTracker dump:\n", dump, StringComparison.Ordinal);
        Assert.Contains($"{session.Id}:\n\t/e\n", dump, StringComparison.Ordinal);
        Assert.Contains("Connections dump:\n", dump, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_is_told_with_what_it_did_and_can_be_counted_anew()
    {
        await using ServedEnsemble served = await AllWordsAsync(1);
        using WireClient client = await served.ClientAsync();

        string before = await AskAsync(served, "cons");
        string reset = await AskAsync(served, "crst");
        string after = await AskAsync(served, "cons");

        Assert.Matches(@" /127\.0\.0\.1:\d+\[1\]\(queued=0,recved=1,sent=1,sid=0x", before);
        Assert.Equal("Connection stats reset.\n", reset);
        Assert.Matches(@" /127\.0\.0\.1:\d+\[1\]\(queued=0,recved=0,sent=0,sid=0x", after);
    }

    [Fact]
    public async Task The_counters_of_the_server_can_be_set_back()
    {
        await using ServedEnsemble served = await AllWordsAsync(1);
        using WireClient client = await served.ClientAsync();

        string before = await AskAsync(served, "srvr");
        string reset = await AskAsync(served, "srst");
        string after = await AskAsync(served, "srvr");

        Assert.Contains("\nReceived: 2\n", before, StringComparison.Ordinal);
        Assert.Equal("Server stats reset.\n", reset);
        Assert.Contains("\nReceived: 1\n", after, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ruok", "^imok$")]
    [InlineData("isro", "^rw$")]
    [InlineData("conf", "^clientPort=\\d+\nsecureClientPort=-1\ndataDir=")]
    [InlineData("envi", "^Environment:\nzookeeper.version=3.9")]
    [InlineData("dirs", "^datadir_size: \\d+\nlogdir_size: \\d+\n$")]
    [InlineData("hash", "^[0-9a-f]+: \\d+\n$")]
    [InlineData("gtmk", "^gtmk is not executed because there is no trace mask.\n$")]
    [InlineData("stmk", "^stmk is not executed because there is no trace mask.\n$")]
    public async Task Every_other_word_has_its_answer(string word, string expected)
    {
        await using ServedEnsemble served = await AllWordsAsync(1);

        Assert.Matches(expected, await AskAsync(served, word));
    }

    [Fact]
    public async Task A_server_without_its_quorum_says_that_it_does_not_serve()
    {
        await using ServedEnsemble served = await AllWordsAsync(2);
        await served.Nodes[2].DisposeAsync();
        await WaitUntilItLooksAsync(served.Nodes[1]);

        string srvr = await AskAsync(served, "srvr");
        string mntr = await AskAsync(served, "mntr");
        string isro = await AskAsync(served, "isro");
        string ruok = await AskAsync(served, "ruok");

        Assert.Equal("This ZooKeeper instance is not currently serving requests\n", srvr);
        Assert.Equal("This ZooKeeper instance is not currently serving requests\n", mntr);
        Assert.Equal(("null", "imok"), (isro, ruok));
    }

    private static async Task WaitUntilItLooksAsync(ZabNode node)
    {
        await foreach (ZabNodeStatus status in node.StatusChanges(Safety.Token))
        {
            if (!status.IsServing)
            {
                return;
            }
        }
    }

    private static Task<ServedEnsemble> AllWordsAsync(int servers) =>
        ServedEnsemble.OfAsync(servers, options => options with { FourLetterWords = s_all });

    private static Task<string> AskAsync(ServedEnsemble served, string word, int id = 1) =>
        WordClient.AskAsync(served[id].EndPoint, word);

    private static async Task<IReadOnlyDictionary<string, string>> MonitorAsync(ServedEnsemble served, int id = 1) =>
        (await AskAsync(served, "mntr", id)).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('\t'))
            .ToDictionary(parts => parts[0], parts => parts[1]);

    private static int Number(IReadOnlyDictionary<string, string> monitor, string key) =>
        int.Parse(monitor[key], CultureInfo.InvariantCulture);
}
