using System.Collections.Generic;
using System.Text;

namespace Zab.Core.Tree;

/// <summary>Finds what changed between two trees, when the transactions in between are not known. It costs
/// what changed: whatever the trees share is not looked at.</summary>
/// <remarks>Steps that cancel each other out leave no trace: a node that was deleted and made again shows as
/// both, one that was set twice shows once.</remarks>
internal static class TreeDiff
{
    /// <summary>The changes that lead from one tree to the other: a node's deletion before its creation,
    /// parents before children when made, children before parents when deleted.</summary>
    public static List<ZnodeChange> Between(ZnodeTree before, ZnodeTree after) =>
        Between(before, after, out _);

    /// <summary>The same, and how many nodes and pages were looked at.</summary>
    public static List<ZnodeChange> Between(ZnodeTree before, ZnodeTree after, out int visited)
    {
        List<ZnodeChange> deleted = [];
        List<ZnodeChange> others = [];
        visited = 0;
        Compare(PathRules.Root, before.Root.Stat, after.Root.Stat, deleted, others);
        Stack<(string Prefix, MapDiff<Znode> Children)> open = new();
        open.Push(("", before.Root.Children.DiffTo(after.Root.Children)));
        while (open.TryPeek(out (string Prefix, MapDiff<Znode> Children) top))
        {
            if (!top.Children.MoveNext())
            {
                visited += top.Children.Visited;
                _ = open.Pop();
                continue;
            }

            (Znode? old, Znode? now) = (top.Children.Before, top.Children.After);
            string path = $"{top.Prefix}/{Encoding.UTF8.GetString((now ?? old)!.Key)}";
            if (old is not null && now is not null)
            {
                Compare(path, old.Stat, now.Stat, deleted, others);
            }
            else if (old is not null)
            {
                deleted.Add(new ZnodeChange(ZnodeChangeKind.Deleted, path));
            }
            else
            {
                others.Add(new ZnodeChange(ZnodeChangeKind.Created, path));
            }

            open.Push((path, ChildrenOf(old).DiffTo(ChildrenOf(now))));
        }

        deleted.Reverse();
        deleted.AddRange(others);
        return deleted;
    }

    private static PersistentMap<Znode> ChildrenOf(Znode? node) => node?.Children ?? default;

    private static void Compare(
        string path, Stat before, Stat after, List<ZnodeChange> deleted, List<ZnodeChange> others)
    {
        if (before.Czxid != after.Czxid)
        {
            deleted.Add(new ZnodeChange(ZnodeChangeKind.Deleted, path));
            others.Add(new ZnodeChange(ZnodeChangeKind.Created, path));
        }
        else if (before.Mzxid != after.Mzxid)
        {
            others.Add(new ZnodeChange(ZnodeChangeKind.DataChanged, path));
        }
    }
}
