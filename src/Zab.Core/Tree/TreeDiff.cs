using System;
using System.Collections.Generic;
using Zab.Core.Primitives;

namespace Zab.Core.Tree;

/// <summary>Finds what changed between two trees, when the transactions in between are not known.</summary>
/// <remarks>Steps that cancel each other out leave no trace: a node that was deleted and made again shows as
/// both, one that was set twice shows once.</remarks>
internal static class TreeDiff
{
    private static readonly Comparer<string> s_depthFirst = Comparer<string>.Create(ComparePaths);

    /// <summary>The changes that lead from one tree to the other: a node's deletion before its creation,
    /// parents before children when made, children before parents when deleted.</summary>
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
        {
            int order = !hasOld ? 1 : !hasNow ? -1 : s_depthFirst.Compare(old.Current.Path, now.Current.Path);
            if (order == 0)
            {
                Compare(old.Current.Path, old.Current.Node, now.Current.Node);
            }
            else if (order < 0)
            {
                deleted.Add(Change(ZnodeChangeKind.Deleted, old.Current.Path, old.Current.Node));
            }
            else
            {
                others.Add(Change(ZnodeChangeKind.Created, now.Current.Path, now.Current.Node));
            }

            hasNow = order >= 0 ? now.MoveNext() : hasNow;
            hasOld = order <= 0 ? old.MoveNext() : hasOld;
        }

        deleted.Reverse();
        deleted.AddRange(others);
        return deleted;

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
        }

        ZnodeChange Change(ZnodeChangeKind kind, string path, in ZnodeView node)
        {
            ReadOnlySpan<char> parentPath = PathRules.ParentOf(path);
            bool found = ZnodeTree.TryFind(after.Root, parentPath, out Znode? parent)
                || ZnodeTree.TryFind(before.Root, parentPath, out parent);
            Invariant.Holds(found);
            return new ZnodeChange(kind, path, node.Acl, parent!.Acl);
        }
    }

    /// <summary>The order of a walk that visits a node, then its children by name: a slash comes before
    /// every other character.</summary>
    private static int ComparePaths(string left, string right)
    {
        int shared = Math.Min(left.Length, right.Length);
        for (int i = 0; i < shared; i++)
        {
            if (left[i] != right[i])
            {
                return left[i] == '/' ? -1 : right[i] == '/' ? 1 : left[i].CompareTo(right[i]);
            }
        }

        return left.Length.CompareTo(right.Length);
    }
}
