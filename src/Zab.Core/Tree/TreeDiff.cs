using System;
using System.Collections.Generic;

namespace Zab.Core.Tree;

/// <summary>Finds what changed between two trees, when the transactions in between are not known.</summary>
/// <remarks>Steps that cancel each other out leave no trace: a node that was deleted and made again shows as
/// both, one that was set twice shows once.</remarks>
internal static class TreeDiff
{
    private static readonly Comparer<string> s_depthFirst = Comparer<string>.Create(ComparePaths);

    /// <summary>The changes that lead from one tree to the other: a node's deletion before its creation,
    /// parents before children when made, children before parents when deleted.</summary>
    public static List<ZnodeChange> Between(ZnodeTree before, ZnodeTree after)
    {
        List<ZnodeChange> deleted = [];
        List<ZnodeChange> others = [];
        Compare(PathRules.Root, before.Root.Stat, after.Root.Stat, deleted, others);
        using IEnumerator<(string Path, ZnodeView Node)> old = before.Descendants("/").GetEnumerator();
        using IEnumerator<(string Path, ZnodeView Node)> now = after.Descendants("/").GetEnumerator();
        bool hasOld = old.MoveNext();
        bool hasNow = now.MoveNext();
        while (hasOld || hasNow)
        {
            int order = !hasOld ? 1 : !hasNow ? -1 : s_depthFirst.Compare(old.Current.Path, now.Current.Path);
            if (order == 0)
            {
                Compare(old.Current.Path, old.Current.Node.Stat, now.Current.Node.Stat, deleted, others);
            }
            else if (order < 0)
            {
                deleted.Add(new ZnodeChange(ZnodeChangeKind.Deleted, old.Current.Path));
            }
            else
            {
                others.Add(new ZnodeChange(ZnodeChangeKind.Created, now.Current.Path));
            }

            hasNow = order >= 0 ? now.MoveNext() : hasNow;
            hasOld = order <= 0 ? old.MoveNext() : hasOld;
        }

        deleted.Reverse();
        deleted.AddRange(others);
        return deleted;
    }

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
