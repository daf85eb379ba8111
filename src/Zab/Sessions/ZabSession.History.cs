using System.Runtime.CompilerServices;
using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;

namespace Zab.Sessions;

/// <content>What was: the changes one by one, and states of the past; and listing by pages.</content>
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

    /// <inheritdoc/>
    public ValueTask<ZnodeSnapshot> GetAsync(
        string path, Zxid asOf, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        return AtOnce(
            () => SnapshotOf(path, StateAsOf(asOf, path)),
            cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<TreeDifference> DiffAsync(
        Zxid from, Zxid until, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from, until);
        return AtOnce(
            () =>
            {
                DataState before = StateAsOf(from, PathRules.Root);
                DataState after = StateAsOf(until, PathRules.Root);
                List<ZnodeChange> changes = TreeDiff.Between(before.Tree, after.Tree);
                return new TreeDifference(
                    before.LastZxid, after.LastZxid, VisibleOf(changes, PathRules.Root));
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> GetChildrenAsync(
        string path,
        string? after,
        int limit,
        ReadConsistency consistency = ReadConsistency.Local,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        if (consistency != ReadConsistency.Local || !TryReadNow(out DataState? state))
        {
            return new ValueTask<IReadOnlyList<string>>(
                PageSlowlyAsync(path, after, limit, consistency, cancellationToken));
        }

        ErrorCode error = List(state, path, after, limit, out List<string> page);
        return error == ErrorCode.Ok
            ? new ValueTask<IReadOnlyList<string>>(page)
            : ValueTask.FromException<IReadOnlyList<string>>(ZabException.Of(error, path));
    }

    /// <summary>A page that waits for its turn. The node's loop reads the node alone, and says by which
    /// state; the names are listed here, so a long list of children holds up nobody.</summary>
    private async Task<IReadOnlyList<string>> PageSlowlyAsync(
        string path,
        string? after,
        int limit,
        ReadConsistency consistency,
        CancellationToken cancellationToken)
    {
        bool listsHere = _node.AnswersWithState;
        ClientRequest request = listsHere
            ? new() { Op = OpCode.GetData, Path = path }
            : new() { Op = OpCode.GetChildren, Path = path, After = after, Limit = limit };
        ClientReply reply = await ReadAsync(request, consistency, cancellationToken).ConfigureAwait(false);
        ThrowUnlessOk(reply, path);
        if (!listsHere)
        {
            return reply.Children ?? [];
        }

        ThrowUnless(List(reply.State!, path, after, limit, out List<string> page), path);
        return page;
    }

    private ErrorCode List(DataState state, string path, string? after, int limit, out List<string> page)
    {
        page = [];
        ErrorCode error = Find(state, path, out _);
        _ = error == ErrorCode.Ok && state.Tree.TryListChildren(path, after, limit, page);
        return error;
    }

    private ZnodeSnapshot SnapshotOf(string path, DataState state)
    {
        ThrowUnless(Find(state, path, out ZnodeView node), path);
        return new ZnodeSnapshot(node.Data, node.Stat, state.LastZxid);
    }

    private DataState StateAsOf(Zxid zxid, string path)
    {
        ThrowUnlessOpen(path);
        return _node.States.AsOf(zxid, path);
    }

    /// <summary>What can be answered on the caller's thread, whatever the node does: failures are in the
    /// task.</summary>
    private static ValueTask<T> AtOnce<T>(Func<T> answer, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<T>(cancellationToken);
        }

        try
        {
            return new ValueTask<T>(answer());
        }
        catch (Exception e) when (e is ZabException or ObjectDisposedException or NotSupportedException)
        {
            return ValueTask.FromException<T>(e);
        }
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

    /// <summary>What this session gets to see of some changes: those at and below a path, of nodes that it
    /// may read.</summary>
    private List<TreeChange> VisibleOf(IReadOnlyList<ZnodeChange> changes, string path)
    {
        List<TreeChange> visible = [];
        foreach (ZnodeChange change in changes)
        {
            if (IsAtOrBelow(path, change.Path)
                && _node.Authenticator.Rules.Allows(change.Acl, AclPermissions.Read, _identities))
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
