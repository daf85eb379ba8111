using System.Collections.Generic;
using System.Text;
using Zab.Core.Access;

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
        Compare(PathRules.Root, before.Root, after.Root, parentAcl: null, deleted, others);
        Stack<(string Prefix, Acl? Acl, MapDiff<Znode> Children)> open = new();
        open.Push(("", after.Root.Acl, before.Root.Children.DiffTo(after.Root.Children)));
        while (open.TryPeek(out (string Prefix, Acl? Acl, MapDiff<Znode> Children) top))
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
                Compare(path, old, now, top.Acl, deleted, others);
            }
            else if (old is not null)
            {
                deleted.Add(new ZnodeChange(ZnodeChangeKind.Deleted, path, old.Acl, top.Acl));
            }
            else
            {
                others.Add(new ZnodeChange(ZnodeChangeKind.Created, path, now!.Acl, top.Acl));
            }

            open.Push((path, (now ?? old)!.Acl, ChildrenOf(old).DiffTo(ChildrenOf(now))));
        }

        deleted.Reverse();
        deleted.AddRange(others);
        return deleted;
    }

    private static PersistentMap<Znode> ChildrenOf(Znode? node) => node?.Children ?? default;

    private static void Compare(
        string path,
        Znode old,
        Znode now,
        Acl? parentAcl,
        List<ZnodeChange> deleted,
        List<ZnodeChange> others)
    {
        (Stat before, Stat after) = (old.Stat, now.Stat);
        if (before.Czxid != after.Czxid)
        {
            deleted.Add(new ZnodeChange(ZnodeChangeKind.Deleted, path, old.Acl, parentAcl));
            others.Add(new ZnodeChange(ZnodeChangeKind.Created, path, now.Acl, parentAcl));
        }
        else if (before.Mzxid != after.Mzxid)
        {
            others.Add(new ZnodeChange(ZnodeChangeKind.DataChanged, path, now.Acl, parentAcl));
        }
    }
}
