using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Core.Watches;

namespace Zab.Sessions;

/// <content>The calls.</content>
internal sealed partial class ZabSession
{
    /// <inheritdoc/>
    public async Task<string> CreateAsync(
        string path,
        ReadOnlyMemory<byte>? data = null,
        CreateMode mode = CreateMode.Persistent,
        CancellationToken cancellationToken = default)
    {
        CreateResult created =
            await CreateWithStatAsync(path, data, mode, cancellationToken).ConfigureAwait(false);
        return created.Path;
    }

    /// <inheritdoc/>
    public async Task<CreateResult> CreateWithStatAsync(
        string path,
        ReadOnlyMemory<byte>? data = null,
        CreateMode mode = CreateMode.Persistent,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        ClientRequest request =
            new() { Op = OpCode.Create2, Path = path, Data = Bytes(path, data), Mode = mode };
        ClientReply reply = await AskAsync(request, cancellationToken).ConfigureAwait(false);
        return new CreateResult(reply.Path ?? path, reply.Stat);
    }

    /// <inheritdoc/>
    public async Task<Zxid> DeleteAsync(
        string path, int version = -1, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        ClientRequest request = new() { Op = OpCode.Delete, Path = path, Version = version };
        ClientReply reply = await AskAsync(request, cancellationToken).ConfigureAwait(false);
        return reply.Zxid;
    }

    /// <inheritdoc/>
    public async Task<Stat> SetAsync(
        string path,
        ReadOnlyMemory<byte>? data,
        int version = -1,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        ClientRequest request =
            new() { Op = OpCode.SetData, Path = path, Data = Bytes(path, data), Version = version };
        ClientReply reply = await AskAsync(request, cancellationToken).ConfigureAwait(false);
        return reply.Stat;
    }

    /// <inheritdoc/>
    public async Task<Zxid> SyncAsync(string path = "/", CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        ClientRequest request = new() { Op = OpCode.Sync, Path = path };
        ClientReply reply = await AskAsync(request, cancellationToken).ConfigureAwait(false);
        return reply.Zxid;
    }

    /// <inheritdoc/>
    public ValueTask<ZnodeSnapshot> GetAsync(
        string path,
        ReadConsistency consistency = ReadConsistency.Local,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (consistency != ReadConsistency.Local || !TryReadNow(out DataState? state))
        {
            return new ValueTask<ZnodeSnapshot>(GetSlowlyAsync(path, consistency, cancellationToken));
        }

        ErrorCode error = Find(state, path, out ZnodeView node);
        return error == ErrorCode.Ok
            ? new ValueTask<ZnodeSnapshot>(new ZnodeSnapshot(node.Data, node.Stat, state.LastZxid))
            : ValueTask.FromException<ZnodeSnapshot>(ZabException.Of(error, path));
    }

    /// <inheritdoc/>
    public ValueTask<Stat?> ExistsAsync(
        string path,
        ReadConsistency consistency = ReadConsistency.Local,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (consistency != ReadConsistency.Local || !TryReadNow(out DataState? state))
        {
            return new ValueTask<Stat?>(ExistsSlowlyAsync(path, consistency, cancellationToken));
        }

        ErrorCode error = Find(state, path, out ZnodeView node);
        return error switch
        {
            ErrorCode.Ok => new ValueTask<Stat?>(node.Stat),
            ErrorCode.NoNode => default,
            _ => ValueTask.FromException<Stat?>(ZabException.Of(error, path)),
        };
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> GetChildrenAsync(
        string path,
        ReadConsistency consistency = ReadConsistency.Local,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (consistency != ReadConsistency.Local || !TryReadNow(out DataState? state))
        {
            return new ValueTask<IReadOnlyList<string>>(
                ListSlowlyAsync(path, consistency, cancellationToken));
        }

        List<string> children = [];
        return state.Tree.TryListChildren(path, after: null, int.MaxValue, children)
            ? new ValueTask<IReadOnlyList<string>>(children)
            : ValueTask.FromException<IReadOnlyList<string>>(new NoNodeException(path));
    }

    /// <inheritdoc/>
    public async Task<Watched<ZnodeSnapshot>> GetAndWatchAsync(
        string path, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        OneShotWatch watch = new(path, WatchMode.Data, _node);
        ClientRequest request = new() { Op = OpCode.GetData, Path = path, Watch = true };
        ClientReply reply = await AskAsync(request, cancellationToken, watch).ConfigureAwait(false);
        return new(new ZnodeSnapshot(reply.Data, reply.Stat, reply.Zxid), watch.Fired);
    }

    /// <inheritdoc/>
    public async Task<Watched<Stat?>> ExistsAndWatchAsync(
        string path, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        OneShotWatch watch = new(path, WatchMode.Data, _node);
        ClientRequest request = new() { Op = OpCode.Exists, Path = path, Watch = true };
        Stat? stat = await StatAsync(request, cancellationToken, watch).ConfigureAwait(false);
        return new(stat, watch.Fired);
    }

    /// <inheritdoc/>
    public async Task<Watched<IReadOnlyList<string>>> GetChildrenAndWatchAsync(
        string path, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        OneShotWatch watch = new(path, WatchMode.Children, _node);
        ClientRequest request = new() { Op = OpCode.GetChildren, Path = path, Watch = true };
        ClientReply reply = await AskAsync(request, cancellationToken, watch).ConfigureAwait(false);
        return new(reply.Children ?? [], watch.Fired);
    }

    /// <inheritdoc/>
    public async Task<ZabWatch> OpenWatchAsync(
        string path, WatchMode mode, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (mode is not (WatchMode.Persistent or WatchMode.PersistentRecursive))
        {
            throw new ArgumentOutOfRangeException(
                nameof(mode),
                mode,
                "Only Persistent and PersistentRecursive watches stay; a read leaves the others.");
        }

        StreamWatch watch = new(path, mode, _node);
        ClientRequest request = new() { Op = OpCode.AddWatch, Path = path, WatchMode = mode };
        _ = await AskAsync(request, cancellationToken, watch).ConfigureAwait(false);
        return new ZabWatch(
            path, mode, watch.Events.ReadAllAsync(CancellationToken.None), () => RemoveWatchAsync(watch));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<WatchEvent> WatchAsync(
        string path, WatchMode mode, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ZabWatch watch = await OpenWatchAsync(path, mode, cancellationToken).ConfigureAwait(false);
        try
        {
            await foreach (
                WatchEvent fired in watch.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                yield return fired;
            }
        }
        finally
        {
            await watch.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Removes a watch that stays. Does nothing when the session is over: its watches are
    /// too.</summary>
    public async ValueTask RemoveWatchAsync(StreamWatch watch)
    {
        watch.End(error: null);
        if (!_isOpen)
        {
            return;
        }

        ClientRequest request =
            new() { Op = OpCode.RemoveWatches, Path = watch.Path, WatchMode = watch.Mode };
        try
        {
            _ = await SendAsync(new Call(this, request, watch), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ZabException or ChannelClosedException)
        {
            // The watch goes with the session.
        }
    }

    private async Task<ZnodeSnapshot> GetSlowlyAsync(
        string path, ReadConsistency consistency, CancellationToken cancellationToken)
    {
        ClientRequest request = new() { Op = OpCode.GetData, Path = path };
        ClientReply reply = await ReadAsync(request, consistency, cancellationToken).ConfigureAwait(false);
        ThrowUnlessOk(reply, path);
        return new ZnodeSnapshot(reply.Data, reply.Stat, reply.Zxid);
    }

    private async Task<Stat?> ExistsSlowlyAsync(
        string path, ReadConsistency consistency, CancellationToken cancellationToken)
    {
        ClientRequest request = new() { Op = OpCode.Exists, Path = path };
        ClientReply reply = await ReadAsync(request, consistency, cancellationToken).ConfigureAwait(false);
        return StatOf(reply, path);
    }

    private async Task<IReadOnlyList<string>> ListSlowlyAsync(
        string path, ReadConsistency consistency, CancellationToken cancellationToken)
    {
        ClientRequest request = new() { Op = OpCode.GetChildren, Path = path };
        ClientReply reply = await ReadAsync(request, consistency, cancellationToken).ConfigureAwait(false);
        ThrowUnlessOk(reply, path);
        return reply.Children ?? [];
    }

    private async Task<Stat?> StatAsync(
        ClientRequest request, CancellationToken cancellationToken, LocalWatch? watch = null)
    {
        ThrowUnlessOpen(request.Path);
        ClientReply reply =
            await SendAsync(new Call(this, request, watch), cancellationToken).ConfigureAwait(false);
        return StatOf(reply, request.Path);
    }

    /// <summary>The stat in an answer; null when there is no such node.</summary>
    private static Stat? StatOf(in ClientReply reply, string path)
    {
        if (reply.Error == ErrorCode.NoNode)
        {
            return null;
        }

        ThrowUnlessOk(reply, path);
        return reply.Stat;
    }

    private ReadOnlyMemory<byte>? Bytes(string path, ReadOnlyMemory<byte>? data) =>
        Copy(path, data) is { } bytes ? bytes : default(ReadOnlyMemory<byte>?);
}
