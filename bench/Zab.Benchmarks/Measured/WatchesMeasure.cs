using Zab.Core;
using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Tree;
using Zab.Core.Watches;

namespace Zab.Benchmarks.Measured;

/// <summary>How long the watches that one transaction fires hold a server's loop: looking them up, using them
/// up, and listing the events.</summary>
internal static class WatchesMeasure
{
    private const int Rounds = 7;

    public static async Task RunAsync(TextWriter output)
    {
        await output.WriteLineAsync(
            "Events of one transaction: the median of seven rounds, milliseconds of processor time");
        (int, int)[] shapes = [(10_000, 1), (10, 10_000), (10, 100_000)];
        foreach ((int sessions, int nodes) in shapes)
        {
            _ = Milliseconds(sessions, nodes); // warms up
            double[] rounds = new double[Rounds];
            for (int i = 0; i < Rounds; i++)
            {
                rounds[i] = Milliseconds(sessions, nodes);
            }

            Array.Sort(rounds);
            double median = rounds[Rounds / 2];
            double each = median * 1e6 / sessions / nodes;
            await output.WriteLineAsync(Text.Of($"  {nodes,7:n0} nodes deleted, {sessions,6:n0} sessions ")
                + Text.Of($"watch each: {median,8:n1} ms, {each,5:n0} ns an event"));
        }
    }

    private static double Milliseconds(int sessions, int nodes)
    {
        WatchDesk desk = new(AccessRules.BuiltIn, int.MaxValue, int.MaxValue);
        SortedDictionary<long, ClientSession> attached = [];
        string[] paths = [.. Enumerable.Range(0, nodes).Select(i => $"/services/frontend/instance-{i:D10}")];
        for (int id = 1; id <= sessions; id++)
        {
            attached.Add(id, new ClientSession(new SessionId(id), isKept: false, mustBeHeard: true));
            foreach (string path in paths)
            {
                desk.Registry.Add(new SessionId(id), new string(path), WatchMode.Data);
            }
        }

        List<ClientOutput> outputs = [];
        GC.Collect();
        TimeSpan start = Environment.CpuUsage.TotalTime;
        foreach (string path in paths)
        {
            desk.Fire(new ZnodeChange(ZnodeChangeKind.Deleted, path), new Zxid(1), attached, outputs);
        }

        TimeSpan took = Environment.CpuUsage.TotalTime - start;
        if (outputs.Count != sessions * nodes || desk.Registry.Count != 0)
        {
            throw new InvalidOperationException("a watch did not fire");
        }

        return took.TotalMilliseconds;
    }
}
