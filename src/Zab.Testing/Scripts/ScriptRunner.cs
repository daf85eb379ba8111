using System.Globalization;
using System.Text;
using Zab.Core;
using Zab.Core.Recovery;
using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Core.Watches;

namespace Zab.Testing.Scripts;

/// <summary>Runs the commands of golden scripts on a cluster. The verbs are listed in
/// docs/scripts.md.</summary>
internal sealed class ScriptRunner
{
    private Cluster? _cluster;

    private Cluster Cluster => _cluster ?? throw new InvalidOperationException("Begin with 'cluster N'.");

    /// <summary>Runs one command.</summary>
    /// <returns>The lines that it printed; none when there was nothing to tell.</returns>
    public IReadOnlyList<string> Run(string command)
    {
        string[] words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string[] rest = words[1..];
        switch (words[0])
        {
            case "cluster": Make(rest); break;
            case "start": Cluster.Start(Ids(rest)); break;
            case "elect":
            case "stabilize": Stabilize(); break;
            case "settle": Cluster.Settle(); break;
            case "session": Cluster.OpenSession(Id(rest[0]), (int)Option(rest, "timeout", 100_000)); break;
            case "submit": Cluster.Submit(Id(rest[0]), Request(rest[1..])); break;
            case "deliver": Deliver(rest); break;
            case "drop": Drop(rest[0]); break;
            case "persist": Array.ForEach(Ids(rest), Cluster.Persist); break;
            case "crash": Cluster.Crash(Id(rest[0]), (int)Option(rest, "keep", 0)); break;
            case "restart": Cluster.Start(Ids(rest)); break;
            case "wipe": Cluster[Id(rest[0])].Wipe(); break;
            case "partition": Cluster.Partition(Groups(rest)); break;
            case "cut": Cluster.CutLink(Id(rest[0]), Id(rest[1])); break;
            case "heal": Cluster.Heal(); break;
            case "tick": Tick(rest); break;
            case "run": Cluster.Pass(Id(rest[0])); break;
            case "stall": Cluster[Id(rest[0])].IsStalled = true; break;
            case "unstall": Cluster[Id(rest[0])].IsStalled = false; break;
            case "trace": Cluster.Trace.ShowsMessages = rest[0] == "on"; break;
            case "state": PrintStates(); break;
            case "log": PrintLog(Id(rest[0])); break;
            case "tree": PrintTree(Id(rest[0])); break;
            case "watches": PrintWatches(Id(rest[0])); break;
            default: throw new FormatException($"There is no command '{words[0]}'.");
        }

        Cluster.Check();
        return Cluster.Trace.Take();
    }

    private void Make(string[] words)
    {
        int voters = Id(words[0]);
        _cluster = new Cluster(voters, (int)Option(words, "observers", 0));
        foreach (ScriptedServer server in _cluster.Servers)
        {
            server.SnapshotEvery = (int)Option(words, "snapshot", server.SnapshotEvery);
            server.HistoryEntriesMax = (int)Option(words, "history", server.HistoryEntriesMax);
        }

        string start = Text(words, "start") ?? "all";
        if (start != "none")
        {
            _cluster.Start(start == "all"
                ? [.. _cluster.Servers.Select(server => server.Id.Value)]
                : [.. start.Split(',').Select(Id)]);
        }

        _ = _cluster.Trace.Take();
    }

    private void Stabilize()
    {
        if (!Cluster.Stabilize())
        {
            Cluster.Trace.Add("(not all running servers follow one leader)");
        }
    }

    private void Deliver(string[] words)
    {
        string? from = Text(words, "from");
        int count = (int)Option(words, "count", int.MaxValue);
        Cluster.Deliver(Id(words[0]), from is null ? null : Id(from), count);
    }

    private void Drop(string arrow)
    {
        string[] ends = arrow.Split("->");
        Cluster.Drop(Id(ends[0]), Id(ends[1]));
    }

    private void Tick(string[] words)
    {
        int ticks = words.Length > 1 ? Id(words[1]) : 1;
        if (words[0] == "all")
        {
            Cluster.TickAll(ticks);
        }
        else
        {
            Cluster.Tick(Id(words[0]), ticks);
        }
    }

    private static ClientRequest Request(string[] words)
    {
        string path = words.Length > 1 ? words[1] : "";
        ReadOnlyMemory<byte>? data = words.Length > 2 && !words[2].Contains('=', StringComparison.Ordinal)
            ? (ReadOnlyMemory<byte>?)Encoding.UTF8.GetBytes(words[2])
            : null;
        ClientRequest request = new() { Op = OpCode.Create2, Path = path, Data = data, Version = -1 };
        return words[0] switch
        {
            "create" => request,
            "create-e" => request with { Mode = CreateMode.Ephemeral },
            "create-s" => request with { Mode = CreateMode.PersistentSequential },
            "create-es" => request with { Mode = CreateMode.EphemeralSequential },
            "delete" => request with { Op = OpCode.Delete },
            "set" => request with { Op = OpCode.SetData, Version = (int)Option(words, "version", -1) },
            "get" => request with { Op = OpCode.GetData },
            "get-w" => request with { Op = OpCode.GetData, Watch = true },
            "exists" => request with { Op = OpCode.Exists },
            "exists-w" => request with { Op = OpCode.Exists, Watch = true },
            "children" => request with { Op = OpCode.GetChildren2 },
            "children-w" => request with { Op = OpCode.GetChildren2, Watch = true },
            "watch" => request with { Op = OpCode.AddWatch, WatchMode = WatchMode.Persistent },
            "watch-r" => request with { Op = OpCode.AddWatch, WatchMode = WatchMode.PersistentRecursive },
            "sync" => request with { Op = OpCode.Sync },
            "close" => request with { Op = OpCode.CloseSession },
            _ => throw new FormatException($"There is no request '{words[0]}'."),
        };
    }

    private void PrintStates()
    {
        foreach (ScriptedServer server in Cluster.Servers)
        {
            string state = server.Replica?.Status is { } status
                ? $"{status.State} leader={status.Leader} epoch={status.Epoch} logged={status.Logged}"
                    + $" applied={status.Applied}{(status.IsServing ? " serving" : "")}"
                : "down";
            Cluster.Trace.Add($"{server.Id} {state}");
        }
    }

    private void PrintLog(int id)
    {
        ReplicatedLog log = Running(id).Log;
        History history = log.History;
        List<string> entries = [];
        for (long index = history.FirstIndex; index < history.EndIndex; index++)
        {
            entries.Add($"{history[index].Position.Zxid}");
        }

        Cluster.Trace.Add(
            $"{id} base={history.Base.Zxid} [{string.Join(' ', entries)}]"
            + $" committed={log.Committed.Zxid} durable={log.Durable} epochs={log.Epochs}");
    }

    private void PrintTree(int id)
    {
        foreach ((string path, ZnodeView node) in Running(id).Committed.Tree.Descendants("/"))
        {
            if (path != "/" && !path.StartsWith("/zookeeper", StringComparison.Ordinal))
            {
                string data = node.Data is { } bytes ? $"'{Encoding.UTF8.GetString(bytes.Span)}'" : "null";
                Cluster.Trace.Add($"{path} {data} version={node.Stat.Version} czxid={node.Stat.Czxid}");
            }
        }
    }

    private void PrintWatches(int id)
    {
        foreach ((string path, _, WatchMode mode) in Running(id).Clients.Watches.All)
        {
            Cluster.Trace.Add($"{path} {mode}");
        }
    }

    private Replica Running(int id) =>
        Cluster[id].Replica ?? throw new InvalidOperationException($"Server {id} does not run.");

    private static IReadOnlyList<int[]> Groups(string[] words) =>
        [.. string.Join(' ', words).Split('|').Select(
            group => Ids(group.Split(' ', StringSplitOptions.RemoveEmptyEntries)))];

    private static int[] Ids(string[] words) => [.. words.Select(Id)];

    private static int Id(string word) => int.Parse(word, CultureInfo.InvariantCulture);

    private static string? Text(string[] words, string name) =>
        words.FirstOrDefault(word => word.StartsWith($"{name}=", StringComparison.Ordinal))
            ?[(name.Length + 1)..];

    private static long Option(string[] words, string name, long otherwise) =>
        Text(words, name) is { } value ? long.Parse(value, CultureInfo.InvariantCulture) : otherwise;
}
