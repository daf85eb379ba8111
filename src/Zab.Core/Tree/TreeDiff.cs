using System.Collections.Generic;
<<<<<<< HEAD
using System.Text;
using Zab.Core.Access;
=======
using Zab.Core.Primitives;
>>>>>>> sim

namespace Zab.Core.Tree;

/// <summary>Finds what changed between two trees, when the transactions in between are not known. It costs
/// what changed: whatever the trees share is not looked at.</summary>
/// <remarks>Steps that cancel each other out leave no trace: a node that was deleted and made again shows as
/// both, one that was set twice shows once.</remarks>
internal static class TreeDiff
{
    /// <summary>The changes that lead from one tree to the other: a node's deletion before its creation,
    /// parents before children when made, children before parents when deleted.</summary>
<<<<<<< HEAD
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
=======
    /// <remarks>Who may hear of them is told by the newer tree, of what is gone by the older one.</remarks>
    public static List<ZnodeChange> Between(ZnodeTree before, ZnodeTree after)
    {
        List<ZnodeChange> deleted = [];
        List<ZnodeChange> others = [];
        Compare(PathRules.Root, new ZnodeView(before.Root), new ZnodeView(after.Root));
        using IEnumerator<(string Path, ZnodeView Node)> old = before.Descendants("/").GetEnumerator();
        using IEnumerator<(string Path, ZnodeView Node)> now = after.Descendants("/").GetEnumerator();
        bool hasOld = old.MoveNext();
        bool hasNow = now.MoveNext();
        while (hasOld || hasNow)
>>>>>>> sim
        {
            if (!top.Children.MoveNext())
            {
<<<<<<< HEAD
                visited += top.Children.Visited;
                _ = open.Pop();
                continue;
=======
                Compare(old.Current.Path, old.Current.Node, now.Current.Node);
>>>>>>> sim
            }

            (Znode? old, Znode? now) = (top.Children.Before, top.Children.After);
            string path = $"{top.Prefix}/{Encoding.UTF8.GetString((now ?? old)!.Key)}";
            if (old is not null && now is not null)
            {
<<<<<<< HEAD
                Compare(path, old, now, top.Acl, deleted, others);
            }
            else if (old is not null)
            {
                deleted.Add(new ZnodeChange(ZnodeChangeKind.Deleted, path, old.Acl, top.Acl));
            }
            else
            {
                others.Add(new ZnodeChange(ZnodeChangeKind.Created, path, now!.Acl, top.Acl));
=======
                deleted.Add(Change(ZnodeChangeKind.Deleted, old.Current.Path, old.Current.Node));
            }
            else
            {
                others.Add(Change(ZnodeChangeKind.Created, now.Current.Path, now.Current.Node));
>>>>>>> sim
            }

            open.Push((path, (now ?? old)!.Acl, ChildrenOf(old).DiffTo(ChildrenOf(now))));
        }

        deleted.Reverse();
        deleted.AddRange(others);
        return deleted;

<<<<<<< HEAD
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
=======
        void Compare(string path, in ZnodeView was, in ZnodeView node)
        {
            if (was.Stat.Czxid != node.Stat.Czxid)
            {
                deleted.Add(Change(ZnodeChangeKind.Deleted, path, was));
                others.Add(Change(ZnodeChangeKind.Created, path, node));
            }
            else if (was.Stat.Mzxid != node.Stat.Mzxid)
            {
                others.Add(Change(ZnodeChangeKind.DataChanged, path, node));
            }
>>>>>>> sim
        }

        ZnodeChange Change(ZnodeChangeKind kind, string path, in ZnodeView node)
        {
<<<<<<< HEAD
            others.Add(new ZnodeChange(ZnodeChangeKind.DataChanged, path, now.Acl, parentAcl));
=======
            ReadOnlySpan<char> parentPath = PathRules.ParentOf(path);
            bool found = ZnodeTree.TryFind(after.Root, parentPath, out Znode? parent)
                || ZnodeTree.TryFind(before.Root, parentPath, out parent);
            Invariant.Holds(found);
            return new ZnodeChange(kind, path, node.Acl, parent!.Acl);
>>>>>>> sim
        }
    }
}
