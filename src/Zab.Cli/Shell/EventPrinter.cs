using System.Globalization;
using Zab.Core.Watches;

namespace Zab.Cli.Shell;

/// <summary>Prints what watches tell, in ZooKeeper's words.</summary>
/// <remarks>A server tells a connection once of one change, however many watches it has. A session of ours
/// has a stream for each watch, so what another watch has told is not told again.</remarks>
internal sealed class EventPrinter(ShellOutput output)
{
    private const int RecentMax = 256;

    private readonly Lock _lock = new();
    private readonly Queue<(WatchEvent Event, object Source)> _recent = [];

    /// <summary>Whether anything is printed.</summary>
    public bool IsOn { get; set; } = true;

    /// <summary>A watch tells of a change.</summary>
    public void Print(WatchEvent happened, object source)
    {
        lock (_lock)
        {
            if (_recent.Any(one => one.Event == happened && one.Source != source))
                return;

            _recent.Enqueue((happened, source));
            if (_recent.Count > RecentMax)
                _ = _recent.Dequeue();
            Print("SyncConnected", happened.Type.ToString(), happened.Path, happened.Zxid.Value);
        }
    }

    /// <summary>A watch was removed.</summary>
    public void PrintRemoved(WatchMode mode, string path)
    {
        string type = mode switch
        {
            WatchMode.Children => "ChildWatchRemoved",
            WatchMode.Data => "DataWatchRemoved",
            WatchMode.Persistent or WatchMode.PersistentRecursive => "PersistentWatchRemoved",
        };
        Print("SyncConnected", type, path, zxid: -1);
    }

    /// <summary>The connection came into another state.</summary>
    public void PrintState(string state) => Print(state, "None", path: null, zxid: -1);

    /// <summary>A watch has told all that it will, and not all that happened.</summary>
    public void PrintLoss(string why) => output.Event(why);

    private void Print(string state, string type, string? path, long zxid)
    {
        if (IsOn)
        {
            output.Event(string.Create(
                CultureInfo.InvariantCulture,
                $"\nWATCHER::\n\nWatchedEvent state:{state} type:{type} path:{path ?? "null"} zxid: {zxid}"));
        }
    }
}
