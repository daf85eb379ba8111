using System.Text;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Testing.Scripts;

namespace Zab.Core.Tests;

/// <summary>Whole clusters under schedules drawn by chance: whatever happens, the checks of <see cref="ClusterChecks"/> hold.</summary>
public sealed class RandomScheduleTests
{
    private static readonly int SeedsPerCase = int.Parse(Environment.GetEnvironmentVariable("ZAB_SEEDS_PER_CASE") ?? "25", System.Globalization.CultureInfo.InvariantCulture);
    private const int StepsPerSeed = 400;

    [Theory]
    [InlineData(1)]
    [InlineData(1001)]
    [InlineData(2001)]
    [InlineData(3001)]
    [InlineData(4001)]
    [InlineData(5001)]
    [InlineData(6001)]
    [InlineData(7001)]
    public void No_schedule_loses_an_acknowledged_write_or_splits_the_history(int firstSeed)
    {
        for (int seed = firstSeed; seed < firstSeed + SeedsPerCase; seed++)
        {
            try
            {
                Run((ulong)seed);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"Seed {seed} fails: {failure.Message}", failure);
            }
        }
    }

    private static void Run(ulong seed)
    {
        Prng prng = new(seed);
        int voters = 1 + prng.Below(5);
        int observers = prng.Below(2);
        Cluster cluster = new(voters, observers);
        foreach (ScriptedServer server in cluster.Servers)
        {
            server.SnapshotEvery = prng.OneIn(2) ? 4 : 1_000;
            server.HistoryEntriesMax = prng.OneIn(2) ? 2 : 1_000;
        }

        cluster.Start([.. cluster.Servers.Select(server => server.Id.Value)]);
        for (int step = 0; step < StepsPerSeed; step++)
        {
            Step(cluster, prng, voters + observers);
            cluster.Check();
            _ = cluster.Trace.Take();
        }

        cluster.Heal();
        cluster.Start([.. cluster.Servers.Where(server => server.Replica is null).Select(server => server.Id.Value)]);
        bool stable = cluster.Stabilize();
        cluster.Check();

        Assert.True(stable, $"the healed cluster does not come to one leader: {Describe(cluster)}");
        Assert.All(
            cluster.Servers, server => Assert.True(server.Replica!.Status.Applied >= cluster.Checks.LastAcked));
        foreach ((_, _, ClientReply reply) in cluster.Replies)
        {
            AssertWriteIsThere(cluster, reply);
        }
    }

    private static string Describe(Cluster cluster) => string.Join(
        '\n',
        cluster.Servers.Select(server => $"{server.Id} {server.Replica?.Status} {server.Replica?.Log.Epochs}")
            .Concat(cluster.Trace.Take().TakeLast(30)));

    /// <summary>Names are unique in a run, and nothing deletes them: a create that was acknowledged must be there.</summary>
    private static void AssertWriteIsThere(Cluster cluster, in ClientReply reply)
    {
        if (reply.Error == ErrorCode.Ok && reply.Path is { } path && path.StartsWith("/n", StringComparison.Ordinal))
        {
            foreach (ScriptedServer server in cluster.Servers)
            {
                Assert.True(server.Replica!.Committed.Tree.TryGet(path, out _), $"{path} is gone from {server.Id}");
            }
        }
    }

    private static void Step(Cluster cluster, Prng prng, int servers)
    {
        int id = 1 + prng.Below(servers);
        int other = 1 + prng.Below(servers);
        bool runs = cluster[id].Replica is not null;
        switch (prng.Below(40))
        {
            case < 14: cluster.Deliver(id, from: null, 1 + prng.Below(4)); break;
            case < 20: cluster.Persist(id); break;
            case < 26: cluster.TickAll(1 + prng.Below(3)); break;
            case < 28: cluster.Tick(id, 1 + prng.Below(8)); break;
            case < 29 when runs: cluster.Crash(id, prng.Below(3)); break;
            case < 31 when !runs: cluster.Start(id); break;
            case < 32 when id != other: cluster.CutLink(id, other); break;
            case < 33: cluster.Heal(); break;
            case < 34: cluster.Drop(id, other); break;
            case < 35: _ = cluster.Stabilize(); break;
            case < 36 when runs: cluster.OpenSession(id, 10_000); break;
            case < 40 when runs && cluster.HasSession(id): Write(cluster, prng, id); break;
            default: cluster.Settle(); break;
        }
    }

    private static void Write(Cluster cluster, Prng prng, int id)
    {
        string path = $"/n{prng.Next():x}";
        cluster.Submit(id, new ClientRequest
        {
            Op = OpCode.Create2,
            Path = path,
            Data = Encoding.UTF8.GetBytes(path),
            Version = -1,
        });
    }
}
