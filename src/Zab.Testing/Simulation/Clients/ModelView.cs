using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;

namespace Zab.Testing.Simulation.Clients;

/// <summary>One state of the model, and on top of it what the first operations of a multi would make of
/// it.</summary>
/// <param name="model">The model.</param>
/// <param name="at">The last transaction of the state.</param>
internal sealed class ModelView(ReferenceModel model, Zxid at)
{
    private Dictionary<string, ModelNode?>? _changed;

    /// <summary>The most bytes of a transaction.</summary>
    public int RecordBytesMax => model.RecordBytesMax;

    /// <summary>Whether there may be limits.</summary>
    public bool HasQuotas => model.HasQuotas || _changed is not null;

    /// <summary>A node; null when there is none.</summary>
    public ModelNode? Node(string path) =>
        _changed is not null && _changed.TryGetValue(path, out ModelNode? changed)
            ? changed
            : model.NodeAt(path, at);

    /// <summary>Whether a session is open.</summary>
    public bool IsOpen(SessionId session) => model.IsOpen(session, at);

    /// <summary>A node and all below it: how many there are, and the bytes of their data.</summary>
    public (long Nodes, long Bytes) Used(string path)
    {
        if (Node(path) is not { } node)
        {
            return (0, 0);
        }

        (long nodes, long bytes) = (1, node.Data?.Length ?? 0);
        foreach (string name in node.Children)
        {
            (long nodesBelow, long bytesBelow) = Used(ModelPath.ChildOf(path, name));
            (nodes, bytes) = (nodes + nodesBelow, bytes + bytesBelow);
        }

        return (nodes, bytes);
    }

    /// <summary>Does an operation that can be done, as far as it matters for those behind it.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="path">The node, by its final path.</param>
    /// <param name="acl">The permissions of a new node.</param>
    /// <param name="session">Who asks.</param>
    public void Do(in ClientRequest operation, string path, Acl? acl, SessionId session)
    {
        string parentPath = ModelPath.ParentOf(path);
        ModelNode? node = Node(path);
        ModelNode? parent = Node(parentPath);
        if (Precedence.Creates(operation.Op))
        {
            bool isEphemeral = operation.Mode is CreateMode.Ephemeral or CreateMode.EphemeralSequential;
            Set(path, new ModelNode
            {
                Owner = isEphemeral ? session : SessionId.None,
                Data = operation.Data,
                Acl = acl,
            });
            Set(parentPath, parent! with
            {
                Creations = unchecked(parent.Creations + 1),
                Children = parent.Children.Add(ModelPath.NameOf(path)),
            });
        }
        else if (operation.Op == OpCode.Delete)
        {
            Set(path, null);
            Set(parentPath, parent! with { Children = parent.Children.Remove(ModelPath.NameOf(path)) });
        }
        else if (operation.Op == OpCode.SetData)
        {
            Set(path, node! with
            {
                Data = operation.Data,
                Version = ModelNode.VersionAfter(node.Version),
            });
        }
    }

    private void Set(string path, ModelNode? node) => (_changed ??= new(StringComparer.Ordinal))[path] = node;
}
