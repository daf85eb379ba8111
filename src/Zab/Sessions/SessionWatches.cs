using Zab.Core.Tree;
using Zab.Core.Watches;

namespace Zab.Sessions;

/// <summary>Who waits for which events within one session. The loop's.</summary>
/// <remarks>The replica tells a session each change once; this gives it to everyone whom it concerns, by the
/// same rules as the replica's <see cref="WatchRegistry"/>.</remarks>
internal sealed class SessionWatches
{
    private readonly Dictionary<string, List<LocalWatch>> _byPath = new(StringComparer.Ordinal);
    private int _recursiveCount;

    /// <summary>How many watches there are.</summary>
    public int Count { get; private set; }

    /// <summary>All of them, in no defined order.</summary>
    public IEnumerable<LocalWatch> All => _byPath.Values.SelectMany(onPath => onPath);

    /// <summary>Whether there is one on a path.</summary>
    public bool AreOn(string path) => _byPath.ContainsKey(path);

    /// <summary>Adds a watch, which is active once the replica has registered it.</summary>
    public void Add(LocalWatch watch)
    {
        if (!_byPath.TryGetValue(watch.Path, out List<LocalWatch>? onPath))
        {
            _byPath.Add(watch.Path, onPath = []);
        }

        onPath.Add(watch);
        Count++;
        _recursiveCount += watch.Mode == WatchMode.PersistentRecursive ? 1 : 0;
    }

    /// <summary>Removes a watch.</summary>
    /// <returns>Whether it was the last of its mode on its path, so that the replica can forget it
    /// too.</returns>
    public bool Remove(LocalWatch watch)
    {
        if (!_byPath.TryGetValue(watch.Path, out List<LocalWatch>? onPath) || !onPath.Remove(watch))
        {
            return false;
        }

        Forgotten(watch, onPath);
        return !onPath.Exists(other => other.Mode == watch.Mode);
    }

    /// <summary>Gives an event to everyone whom it concerns.</summary>
    public void Dispatch(in WatchEvent fired)
    {
        FireOn(fired.Path, fired, isAbove: false);
        if (_recursiveCount == 0 || fired.Type == WatchEventType.NodeChildrenChanged)
        {
            return;
        }

        for (ReadOnlySpan<char> path = fired.Path; path is not "/";)
        {
            path = PathRules.ParentOf(path);
            FireOn(path, fired, isAbove: true);
        }
    }

    /// <summary>Ends all watches.</summary>
    public void EndAll(Exception? error)
    {
        foreach (LocalWatch watch in All)
        {
            watch.End(error);
        }

        _byPath.Clear();
        (Count, _recursiveCount) = (0, 0);
    }

    private void FireOn(ReadOnlySpan<char> path, in WatchEvent fired, bool isAbove)
    {
        if (!_byPath.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(path, out List<LocalWatch>? onPath))
        {
            return;
        }

        for (int i = 0; i < onPath.Count; i++)
        {
            LocalWatch watch = onPath[i];
            if (!watch.IsActive || !Concerns(watch.Mode, fired.Type, isAbove))
            {
                continue;
            }

            watch.Fire(fired);
            if (watch.IsOneShot)
            {
                onPath.RemoveAt(i--);
                Forgotten(watch, onPath);
            }
        }
    }

    private void Forgotten(LocalWatch watch, List<LocalWatch> onPath)
    {
        Count--;
        _recursiveCount -= watch.Mode == WatchMode.PersistentRecursive ? 1 : 0;
        if (onPath.Count == 0)
        {
            _ = _byPath.Remove(watch.Path);
        }
    }

    private static bool Concerns(WatchMode mode, WatchEventType type, bool isAbove) => mode switch
    {
        WatchMode.PersistentRecursive => type != WatchEventType.NodeChildrenChanged,
        WatchMode.Persistent => !isAbove,
        WatchMode.Data => !isAbove && type != WatchEventType.NodeChildrenChanged,
        WatchMode.Children =>
            !isAbove && type is (WatchEventType.NodeChildrenChanged or WatchEventType.NodeDeleted),
    };
}
