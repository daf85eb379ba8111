using System;
using System.Collections.Generic;
using System.Numerics;
using Zab.Core.Primitives;
using Zab.Core.Tree;

namespace Zab.Core.Watches;

/// <summary>The watches of the sessions that this server serves. They are not replicated, and die with the
/// connection.</summary>
/// <remarks>What fires when is the trigger table of ZooKeeper's <c>DataTree</c> and <c>WatchManager</c>. The
/// cost of a change is that of the watches it concerns, plus a look-up for each ancestor if anyone watches
/// recursively. One owner; not thread-safe.</remarks>
internal sealed class WatchRegistry
{
    private const WatchModes OnNode =
        WatchModes.Data | WatchModes.Persistent | WatchModes.PersistentRecursive;
    private const WatchModes OnChildren = WatchModes.Children | WatchModes.Persistent;
    private const WatchModes OneShot = WatchModes.Data | WatchModes.Children;

    private static readonly Comparer<Watch> s_byOrder =
        Comparer<Watch>.Create((left, right) => left.Order.CompareTo(right.Order));

    // The watches of each path, in order of registration, and the same watches by session.
    private readonly Dictionary<string, List<Watch>> _byPath = new(StringComparer.Ordinal);
    private readonly Dictionary<SessionId, Watcher> _bySession = [];
    private readonly List<Watch> _ready = [];
    private long _lastOrder;
    private long _lastNotice;
    private int _recursiveCount;

    /// <summary>The number of watches: session, path and mode.</summary>
    public int Count { get; private set; }

    /// <summary>How long the paths are together that each session watches, in UTF-16 units.</summary>
    public long Letters { get; private set; }

    /// <summary>Every watch, by path, then session, then mode; for people and tests.</summary>
    public IEnumerable<(string Path, SessionId Session, WatchMode Mode)> All
    {
        get
        {
            List<(string Path, SessionId Session, WatchMode Mode)> all = [];
            foreach (List<Watch> watches in _byPath.Values)
            {
                foreach (Watch watch in watches)
                {
                    foreach (WatchMode mode in Enum.GetValues<WatchMode>())
                    {
                        if ((watch.Modes & Flag(mode)) != 0)
                            all.Add((watch.Path, watch.Session, mode));
                    }
                }
            }

            all.Sort((left, right) =>
                string.CompareOrdinal(left.Path, right.Path) is not 0 and int byPath ? byPath
                : left.Session.Value.CompareTo(right.Session.Value) is not 0 and int bySession ? bySession
                : left.Mode.CompareTo(right.Mode));
            return all;
        }
    }

    /// <summary>How many paths are watched.</summary>
    public int PathCount => _byPath.Count;

    /// <summary>The sessions that watch something, in no defined order; for people.</summary>
    public IReadOnlyCollection<SessionId> Sessions => _bySession.Keys;

    /// <summary>The paths that a session watches, in no defined order; for people.</summary>
    public IReadOnlyCollection<string> PathsOf(SessionId session) =>
        _bySession.TryGetValue(session, out Watcher? watcher) ? watcher.ByPath.Keys : [];

    /// <summary>What a session watches: nodes, watches, and how long the paths of those nodes are together,
    /// in UTF-16 units.</summary>
    public (int Nodes, int Watches, long Letters) SizeOf(SessionId session) =>
        _bySession.TryGetValue(session, out Watcher? watcher)
            ? (watcher.ByPath.Count, watcher.Count, watcher.Letters)
            : default;

    /// <summary>What a session would watch in addition: nodes, watches, and how long the paths of those nodes
    /// are together, in UTF-16 units.</summary>
    /// <param name="session">Whose.</param>
    /// <param name="watches">What it asks for; the same may come twice, or be there already.</param>
    public (int Nodes, int Watches, long Letters) AddedBy(
        SessionId session, IEnumerable<(string Path, WatchMode Mode)> watches)
    {
        Watcher? watcher = _bySession.GetValueOrDefault(session);
        Dictionary<string, WatchModes> added = new(StringComparer.Ordinal);
        (int Nodes, int Watches, long Letters) size = default;
        foreach ((string path, WatchMode mode) in watches)
        {
            WatchModes there = watcher?.ByPath.GetValueOrDefault(path)?.Modes ?? WatchModes.None;
            WatchModes with = there | added.GetValueOrDefault(path);
            if (with == WatchModes.None)
            {
                size = (size.Nodes + 1, size.Watches, size.Letters + path.Length);
            }

            size.Watches += (with & Flag(mode)) == 0 ? 1 : 0;
            added[path] = with | Flag(mode);
        }

        return size;
    }

    /// <summary>Registers a watch. Registering it again changes nothing; the node need not exist.</summary>
    public void Add(SessionId session, string path, WatchMode mode)
    {
        if (!_bySession.TryGetValue(session, out Watcher? watcher))
            _bySession.Add(session, watcher = new Watcher(session));
        if (!watcher.ByPath.TryGetValue(path, out Watch? watch))
        {
            watch = new Watch(watcher, path, ++_lastOrder);
            watcher.ByPath.Add(path, watch);
            watcher.Letters += path.Length;
            Letters += path.Length;
            if (!_byPath.TryGetValue(path, out List<Watch>? onPath))
                _byPath.Add(path, onPath = []);

            onPath.Add(watch);
        }

        SetModes(watch, watch.Modes | Flag(mode));
    }

    /// <summary>Removes a watch, or all that a session has on a path.</summary>
    /// <param name="session">Whose.</param>
    /// <param name="path">The watched node.</param>
    /// <param name="mode">Which; null for any.</param>
    /// <returns>Whether there was one.</returns>
    public bool Remove(SessionId session, string path, WatchMode? mode)
    {
        if (!_bySession.TryGetValue(session, out Watcher? watcher)
            || !watcher.ByPath.TryGetValue(path, out Watch? watch))
        {
            return false;
        }

        WatchModes removed = mode is { } one ? watch.Modes & Flag(one) : watch.Modes;
        SetModes(watch, watch.Modes & ~removed);
        if (watch.Modes == WatchModes.None)
        {
            ForgetOfSession(watch);
            ForgetOnPath(watch);
        }

        return removed != WatchModes.None;
    }

    /// <summary>Whether a session has a watch on a path.</summary>
    /// <param name="session">Whose.</param>
    /// <param name="path">The watched node.</param>
    /// <param name="mode">Which; null for any.</param>
    public bool Contains(SessionId session, string path, WatchMode? mode) =>
        _bySession.TryGetValue(session, out Watcher? watcher)
        && watcher.ByPath.TryGetValue(path, out Watch? watch)
        && (mode is not { } one || (watch.Modes & Flag(one)) != 0);

    /// <summary>Removes all watches of a session.</summary>
    public void RemoveSession(SessionId session)
    {
        if (!_bySession.Remove(session, out Watcher? watcher))
            return;

        Letters -= watcher.Letters;

        // In no defined order: what is left over is the same in any.
        foreach (Watch watch in watcher.ByPath.Values)
        {
            SetModes(watch, WatchModes.None);
            ForgetOnPath(watch);
        }
    }

    /// <summary>Takes the events of one change, and uses up the one-shot watches that fired.</summary>
    /// <param name="change">The change.</param>
    /// <param name="zxid">The transaction that made it.</param>
    /// <param name="into">Gets the events, in the order in which they must reach each session.</param>
    public void Fire(in ZnodeChange change, Zxid zxid, List<(SessionId Session, WatchEvent Event)> into)
    {
        switch (change.Kind)
        {
            case ZnodeChangeKind.Created:
                FireOnNode(new WatchEvent(WatchEventType.NodeCreated, change.Path, zxid), into);
                FireOnParent(change.Path, zxid, into);
                break;
            case ZnodeChangeKind.Deleted:
                WatchEvent deleted = new(WatchEventType.NodeDeleted, change.Path, zxid);
                FireOnNode(deleted, into);
                FireOnChildren(deleted, into); // Not again to those that were just notified.
                FireOnParent(change.Path, zxid, into);
                break;
            case ZnodeChangeKind.DataChanged:
                FireOnNode(new WatchEvent(WatchEventType.NodeDataChanged, change.Path, zxid), into);
                break;
            default:
                Invariant.Holds(false);
                break;
        }
    }

    /// <summary>Fires what watches the node itself, and what watches recursively from it or above
    /// it.</summary>
    private void FireOnNode(in WatchEvent fired, List<(SessionId Session, WatchEvent Event)> into)
    {
        _lastNotice++;
        Collect(fired.Path, OnNode);
        int onPath = _ready.Count;
        if (_recursiveCount > 0)
        {
            for (ReadOnlySpan<char> path = fired.Path; path is not "/";)
            {
                path = PathRules.ParentOf(path);
                Collect(path, WatchModes.PersistentRecursive);
            }
        }

        if (_ready.Count > onPath)
            _ready.Sort(s_byOrder);

        Deliver(fired, OnNode, into);
    }

    private void FireOnParent(string path, Zxid zxid, List<(SessionId Session, WatchEvent Event)> into)
    {
        _lastNotice++;
        ReadOnlySpan<char> parent = PathRules.ParentOf(path);
        if (_byPath.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(
            parent, out _, out List<Watch>? watches))
            FireOnChildren(new WatchEvent(WatchEventType.NodeChildrenChanged, watches[0].Path, zxid), into);
    }

    /// <summary>Fires what watches the children of the event's node, unless the session has had an event
    /// of the same notice.</summary>
    private void FireOnChildren(in WatchEvent fired, List<(SessionId Session, WatchEvent Event)> into)
    {
        Collect(fired.Path, OnChildren);
        Deliver(fired, OnChildren, into);
    }

    private void Collect(ReadOnlySpan<char> path, WatchModes modes)
    {
        if (!_byPath.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(path, out List<Watch>? watches))
            return;

        foreach (Watch watch in watches)
        {
            if ((watch.Modes & modes) != 0)
                _ready.Add(watch);
        }
    }

    private void Deliver(
        in WatchEvent fired, WatchModes modes, List<(SessionId Session, WatchEvent Event)> into)
    {
        bool spent = false;
        foreach (Watch watch in _ready)
        {
            if (watch.Watcher.TryNotice(_lastNotice))
                into.Add((watch.Session, fired));

            // Only on the node itself: an ancestor takes part by its recursive watch alone, which stays.
            if (string.Equals(watch.Path, fired.Path, StringComparison.Ordinal))
            {
                SetModes(watch, watch.Modes & ~(modes & OneShot));
                spent |= watch.Modes == WatchModes.None;
            }
        }

        _ready.Clear();
        if (spent)
            ForgetSpent(fired.Path);
    }

    private void SetModes(Watch watch, WatchModes modes)
    {
        int added = BitOperations.PopCount((uint)modes) - BitOperations.PopCount((uint)watch.Modes);
        Count += added;
        watch.Watcher.Count += added;
        _recursiveCount += (modes.HasFlag(WatchModes.PersistentRecursive) ? 1 : 0)
            - (watch.Modes.HasFlag(WatchModes.PersistentRecursive) ? 1 : 0);
        watch.Modes = modes;
    }

    /// <summary>Drops the watches of a path that have no mode left, all in one pass.</summary>
    private void ForgetSpent(string path)
    {
        List<Watch> onPath = _byPath[path];
        foreach (Watch watch in onPath)
        {
            if (watch.Modes == WatchModes.None)
                ForgetOfSession(watch);
        }

        onPath.RemoveAll(static watch => watch.Modes == WatchModes.None);
        if (onPath.Count == 0)
            _byPath.Remove(path);
    }

    private void ForgetOfSession(Watch watch)
    {
        Watcher watcher = watch.Watcher;
        watcher.ByPath.Remove(watch.Path);
        watcher.Letters -= watch.Path.Length;
        Letters -= watch.Path.Length;
        if (watcher.ByPath.Count == 0)
            _bySession.Remove(watcher.Session);
    }

    private void ForgetOnPath(Watch watch)
    {
        List<Watch> onPath = _byPath[watch.Path];
        int at = onPath.BinarySearch(watch, s_byOrder);
        Invariant.Holds(at >= 0);
        onPath.RemoveAt(at);
        if (onPath.Count == 0)
            _byPath.Remove(watch.Path);
    }

    private static WatchModes Flag(WatchMode mode) => mode switch
    {
        WatchMode.Children => WatchModes.Children,
        WatchMode.Data => WatchModes.Data,
        WatchMode.Persistent => WatchModes.Persistent,
        WatchMode.PersistentRecursive => WatchModes.PersistentRecursive,
    };
}
