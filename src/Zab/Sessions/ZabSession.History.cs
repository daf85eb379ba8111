using System.Runtime.CompilerServices;
using Zab.Core.Primitives;
using Zab.Core.Tree;

namespace Zab.Sessions;

/// <content>What was: the changes one by one.</content>
internal sealed partial class ZabSession
{
    private readonly SessionStreams _streams = new();

    /// <inheritdoc/>
    public IAsyncEnumerable<TreeChanges> WatchFromAsync(
        string path, Zxid after, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        return PathRules.IsValid(path)
            ? FollowAsync(path, after, cancellationToken)
            : throw ZabException.Of(ErrorCode.BadArguments, path);
    }

    private async IAsyncEnumerable<TreeChanges> FollowAsync(
        string path, Zxid after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ThrowUnlessOpen(path);
        using ChangeReader reader = new(_node.Changes, after, _node.ContinuesInline);
        _streams.Add(reader);
        try
        {
            do
            {
                while (reader.TryTake(out TxnChanges txn))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    List<TreeChange> changes = VisibleOf(txn.Changes ?? [], path);
                    if (txn.Changes is null || changes.Count > 0)
                    {
                        yield return new TreeChanges(txn.Zxid, changes, IsGap: txn.Changes is null);
                    }
                }
            }
            while (await reader.WaitAsync(cancellationToken).ConfigureAwait(false));
        }
        finally
        {
            _streams.Remove(reader);
        }
    }

    /// <summary>What this session gets to see of some changes: those at and below a path. The one place that
    /// decides it.</summary>
    private static List<TreeChange> VisibleOf(IReadOnlyList<ZnodeChange> changes, string path)
    {
        List<TreeChange> visible = [];
        foreach (ZnodeChange change in changes)
        {
            if (IsAtOrBelow(path, change.Path))
            {
                visible.Add(new TreeChange(KindOf(change.Kind), change.Path));
            }
        }

        return visible;
    }

    private static bool IsAtOrBelow(string path, string changed) =>
        path == PathRules.Root
        || (changed.StartsWith(path, StringComparison.Ordinal)
            && (changed.Length == path.Length || changed[path.Length] == '/'));

    private static TreeChangeKind KindOf(ZnodeChangeKind kind) => kind switch
    {
        ZnodeChangeKind.Created => TreeChangeKind.Created,
        ZnodeChangeKind.Deleted => TreeChangeKind.Deleted,
        ZnodeChangeKind.DataChanged => TreeChangeKind.DataChanged,
    };
}
