using Microsoft.Extensions.Logging;
using Zab.Tests.Hosting;

namespace Zab.Tests.EndToEnd;

public sealed class RefusalTests
{
    [Fact]
    public async Task A_second_server_with_the_same_id_is_told_who_has_its_ports()
    {
        await using Machines machines = await Machines.ServingAsync(1);
        ZabNodeOptions second = machines.Options(1) with { DataDirectory = machines.DirectoryOf(9) };

        IOException refused =
            await Assert.ThrowsAsync<IOException>(() => ZabNode.StartAsync(second, Safety.Token));

        Assert.Matches(@"^Server 1 cannot listen: .*[^.]\. Its line 'server\.1=", refused.Message);
        Assert.Contains("perhaps another copy of this server", refused.Message, StringComparison.Ordinal);
        await machines[1].DisposeAsync();
        // Its directory was let go of.
        await using ZabNode again = await ZabNode.StartAsync(second, Safety.Token);
        await again.ServingAsync();
    }

    [Fact]
    public async Task A_directory_in_use_is_refused_and_the_ports_are_free_again()
    {
        await using Machines first = await Machines.ServingAsync(1);
        await using Machines second = new(1);
        ZabNodeOptions options = second.Options(1) with { DataDirectory = first.DirectoryOf(1) };

        IOException refused =
            await Assert.ThrowsAsync<IOException>(() => ZabNode.StartAsync(options, Safety.Token));

        Assert.Contains("give this server a directory of its own", refused.Message, StringComparison.Ordinal);
        await second.StartAsync(1);
        await second[1].ServingAsync();
    }

    [Fact]
    public async Task A_directory_of_another_ensemble_is_refused()
    {
        await using Machines machines = await Machines.ServingAsync(1);
        await machines[1].DisposeAsync();

        InvalidDataException refused = await Assert.ThrowsAsync<InvalidDataException>(
            () => machines.StartAsync(1, options => options with { EnsembleId = "another" }));

        Assert.Contains("another", refused.Message, StringComparison.Ordinal);
        await machines.StartAsync(1);
        await machines[1].ServingAsync();
    }

    [Fact]
    public async Task A_peer_of_another_ensemble_is_refused_and_named_in_the_log()
    {
        await using Machines machines = new(2);
        using LogLines lines = new();
        await machines.StartAllAsync(
            [1], options => options with { EnsembleId = "one", LoggerFactory = lines });
        await machines.StartAsync(2, options => options with { EnsembleId = "two" });

        string line = await lines.LineAsync("'one'", "'two'");

        Assert.Contains("write the same server.N lines, or the same ensemble id, for both", line, StringComparison.Ordinal);
        Assert.All(machines.Nodes, node => Assert.False(node.Status.IsServing));
    }

    [Fact]
    public async Task What_a_node_does_is_logged_under_ids_that_stay()
    {
        using LogLines lines = new();
        await using (Machines machines = await Machines.ServingAsync(
            1, change: options => options with { LoggerFactory = lines, IgnoredKeys = ["clientPort"] }))
        {
            await machines[1].DisposeAsync();
        }

        int[] ids = [.. lines.All.Select(line => line.Id.Id).Where(id => id is > 100 and < 200)];
        Assert.Equal([115, 101, 102, 103, 112], ids);
        // Kestrel's own warn of a busy machine.
        Assert.DoesNotContain(lines.All, line => line.Id.Id > 100 && line.Level >= LogLevel.Warning);
    }
}
