using Zab.Core.Access;
using Zab.Core.Tree;
using Zab.Core.Watches;

namespace Zab.Testing.Simulation.Clients;

/// <summary>What one session watches, and the events that are due to it.</summary>
/// <remarks>The trigger table of ZooKeeper, for one session: a change fires the watches of the node and the
/// recursive ones above it, then those of its children, then those of the parent's children; each of the
/// three at most once, but a deletion that was told by the first is not told by the second.</remarks>
internal sealed class WatchLedger
{
    private const WatchModes OnNode =
        WatchModes.Data | WatchModes.Persistent | WatchModes.PersistentRecursive;

    private const WatchModes OnChildren = WatchModes.Children | WatchModes.Persistent;
    private readonly Dictionary<string, WatchModes> _watches = new(StringComparer.Ordinal);
    private int _recursive;

    /// <summary>The events that fired and have not been seen, in order.</summary>
    public Queue<WatchEvent> Due { get; } = new();

    /// <summary>Whether nothing is watched.</summary>
    public bool IsEmpty => _watches.Count == 0;

    /// <summary>Forgets everything: the connection is gone.</summary>
    public void Clear()
    {
        _watches.Clear();
        Due.Clear();
        _recursive = 0;
    }

    /// <summary>Adds a watch.</summary>
    public void Add(string path, WatchMode mode)
    {
        WatchModes before = _watches.GetValueOrDefault(path);
        Set(path, before, before | Flag(mode));
    }

    /// <summary>Removes a watch, or all on the path.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Remove(string path, WatchMode? mode)
    {
        WatchModes before = _watches.GetValueOrDefault(path);
        WatchModes removed = mode is { } one ? before & Flag(one) : before;
        Set(path, before, before & ~removed);
        return removed != WatchModes.None;
    }

    /// <summary>Whether there is a watch, or any on the path.</summary>
    public bool Contains(string path, WatchMode? mode) =>
        (_watches.GetValueOrDefault(path) & (mode is { } one ? Flag(one) : (WatchModes)(-1))) != 0;

    /// <summary>A change was made: adds the events of the watches that it fires. They are used up even when
    /// the client may not hear of it.</summary>
    /// <param name="change">The change.</param>
    /// <param name="who">Who the client is.</param>
    public void Note(in ModelChange change, CheckedIdentities who)
    {
        switch (change.Kind)
        {
            case ZnodeChangeKind.Created:
                _ = FireOnNode(change, WatchEventType.NodeCreated, who);
                FireOnChildren(change, change.Parent, WatchEventType.NodeChildrenChanged, who);
                break;
            case ZnodeChangeKind.Deleted:
                bool isTold = FireOnNode(change, WatchEventType.NodeDeleted, who);
                FireOnChildren(change, change.Path, WatchEventType.NodeDeleted, isTold ? null : who);
                FireOnChildren(change, change.Parent, WatchEventType.NodeChildrenChanged, who);
                break;
            case ZnodeChangeKind.DataChanged:
                _ = FireOnNode(change, WatchEventType.NodeDataChanged, who);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(change));
        }
    }

    private bool FireOnNode(in ModelChange change, WatchEventType type, CheckedIdentities who)
    {
        WatchModes modes = _watches.GetValueOrDefault(change.Path);
        bool fires = (modes & OnNode) != 0 || (_recursive > 0 && IsWatchedFromAbove(change.Path));
        if (fires)
        {
            Tell(change, change.Path, type, who);
            Set(change.Path, modes, modes & ~WatchModes.Data);
        }

        return fires;
    }

    /// <param name="change">The change.</param>
    /// <param name="path">The node whose children are watched.</param>
    /// <param name="type">What its watches are told.</param>
    /// <param name="who">Who the client is; null when it has been told already.</param>
    private void FireOnChildren(
        in ModelChange change, string path, WatchEventType type, CheckedIdentities? who)
    {
        WatchModes modes = _watches.GetValueOrDefault(path);
        if ((modes & OnChildren) == 0)
        {
            return;
        }

        if (who is not null)
        {
            Tell(change, path, type, who);
        }

        Set(path, modes, modes & ~WatchModes.Children);
    }

    private void Tell(in ModelChange change, string path, WatchEventType type, CheckedIdentities who)
    {
        Acl? acl = type == WatchEventType.NodeChildrenChanged ? change.ParentAcl : change.Acl;
        if (acl is null || ModelAccess.Allows(acl, AclPermissions.Read, who.Who))
        {
            Due.Enqueue(new WatchEvent(type, path, change.Zxid));
        }
    }

    private bool IsWatchedFromAbove(string path)
    {
        while (path != ModelPath.Root)
        {
            path = ModelPath.ParentOf(path);
            if (_watches.GetValueOrDefault(path).HasFlag(WatchModes.PersistentRecursive))
            {
                return true;
            }
        }

        return false;
    }

    private void Set(string path, WatchModes before, WatchModes after)
    {
        _recursive += (after.HasFlag(WatchModes.PersistentRecursive) ? 1 : 0)
            - (before.HasFlag(WatchModes.PersistentRecursive) ? 1 : 0);
        if (after == WatchModes.None)
        {
            _ = _watches.Remove(path);
        }
        else if (after != before)
        {
            _watches[path] = after;
        }
    }

    private static WatchModes Flag(WatchMode mode) => mode switch
    {
        WatchMode.Children => WatchModes.Children,
        WatchMode.Data => WatchModes.Data,
        WatchMode.Persistent => WatchModes.Persistent,
        WatchMode.PersistentRecursive => WatchModes.PersistentRecursive,
    };
}
