using Zab.Core.Primitives;
using Zab.Core.Tree;

namespace Zab.Testing.Simulation.Clients;

/// <summary>What the watches of a server are told when a snapshot takes it from one state to a later
/// one.</summary>
internal static class StateDifference
{
    /// <summary>The changes that lead from one state to the other: first what is gone, from the leaves
    /// upwards, then what is new or has other data, from the root downwards.</summary>
    public static IReadOnlyList<ModelChange> Between(ReferenceModel model, Zxid from, Zxid to)
    {
        SortedSet<string> touched = new(Comparer<string>.Create(ModelPath.CompareDepthFirst));
        for (int i = model.ChangesUpTo(from); i < model.ChangesUpTo(to); i++)
        {
            _ = touched.Add(model.Changes[i].Path);
        }

        List<ModelChange> deleted = [];
        List<ModelChange> others = [];
        foreach (string path in touched)
        {
            ModelNode? before = model.NodeAt(path, from);
            ModelNode? after = model.NodeAt(path, to);
            if (before is not null && before.Czxid != after?.Czxid)
            {
                deleted.Add(Change(ZnodeChangeKind.Deleted, path, before));
            }

            if (after is not null && before?.Czxid != after.Czxid)
            {
                others.Add(Change(ZnodeChangeKind.Created, path, after));
            }
            else if (after is not null && before?.Mzxid != after.Mzxid)
            {
                others.Add(Change(ZnodeChangeKind.DataChanged, path, after));
            }
        }

        deleted.Reverse();
        return [.. deleted, .. others];

        // Whoever watches the children may read what the parent is now; of one that is gone, what it was.
        ModelChange Change(ZnodeChangeKind kind, string path, ModelNode node)
        {
            string parent = ModelPath.ParentOf(path);
            ModelNode? holder = model.NodeAt(parent, to) ?? model.NodeAt(parent, from);
            return new(to, kind, path, parent, node.Acl, holder?.Acl);
        }
    }
}
