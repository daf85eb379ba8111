using Zab.Core.Primitives;
using Zab.Core.Tree;
using Zab.Core.Watches;

namespace Zab.Testing.Simulation.Hosting;

/// <summary>A session as a node has it, whose answers and events reach the user between two events of the
/// simulation.</summary>
internal sealed partial class SimulatedSession(Pump pump, IZabSession session) : IZabSession
{
    /// <inheritdoc/>
    public SessionId Id => session.Id;

    /// <inheritdoc/>
    public TimeSpan Timeout => session.Timeout;

    /// <inheritdoc/>
    public ZabSessionState State => session.State;

    /// <inheritdoc/>
    public IAsyncEnumerable<ZabSessionState> StateChanges(CancellationToken cancellationToken = default) =>
        pump.Follow(session.StateChanges(CancellationToken.None), cancellationToken);

    /// <inheritdoc/>
    public Task<string> CreateAsync(
        string path,
        ReadOnlyMemory<byte>? data = null,
        CreateMode mode = CreateMode.Persistent,
        CancellationToken cancellationToken = default) =>
        pump.CallAsync(token => session.CreateAsync(path, data, mode, token), cancellationToken);

    /// <inheritdoc/>
    public Task<CreateResult> CreateWithStatAsync(
        string path,
        ReadOnlyMemory<byte>? data = null,
        CreateMode mode = CreateMode.Persistent,
        CancellationToken cancellationToken = default) =>
        pump.CallAsync(token => session.CreateWithStatAsync(path, data, mode, token), cancellationToken);

    /// <inheritdoc/>
    public Task<Zxid> DeleteAsync(
        string path, int version = -1, CancellationToken cancellationToken = default) =>
        pump.CallAsync(token => session.DeleteAsync(path, version, token), cancellationToken);

    /// <inheritdoc/>
    public Task<Stat> SetAsync(
        string path,
        ReadOnlyMemory<byte>? data,
        int version = -1,
        CancellationToken cancellationToken = default) =>
        pump.CallAsync(token => session.SetAsync(path, data, version, token), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ZnodeSnapshot> GetAsync(
        string path,
        ReadConsistency consistency = ReadConsistency.Local,
        CancellationToken cancellationToken = default) =>
        new(pump.CallAsync(
            token => session.GetAsync(path, consistency, token).AsTask(), cancellationToken));

    /// <inheritdoc/>
    public ValueTask<Stat?> ExistsAsync(
        string path,
        ReadConsistency consistency = ReadConsistency.Local,
        CancellationToken cancellationToken = default) =>
        new(pump.CallAsync(
            token => session.ExistsAsync(path, consistency, token).AsTask(), cancellationToken));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> GetChildrenAsync(
        string path,
        ReadConsistency consistency = ReadConsistency.Local,
        CancellationToken cancellationToken = default) =>
        new(pump.CallAsync(
            token => session.GetChildrenAsync(path, consistency, token).AsTask(), cancellationToken));

    /// <inheritdoc/>
    public Task<Zxid> SyncAsync(string path = "/", CancellationToken cancellationToken = default) =>
        pump.CallAsync(token => session.SyncAsync(path, token), cancellationToken);

    /// <inheritdoc/>
    public Task<Watched<ZnodeSnapshot>> GetAndWatchAsync(
        string path, CancellationToken cancellationToken = default) =>
        WatchedAsync(token => session.GetAndWatchAsync(path, token), cancellationToken);

    /// <inheritdoc/>
    public Task<Watched<Stat?>> ExistsAndWatchAsync(
        string path, CancellationToken cancellationToken = default) =>
        WatchedAsync(token => session.ExistsAndWatchAsync(path, token), cancellationToken);

    /// <inheritdoc/>
    public Task<Watched<IReadOnlyList<string>>> GetChildrenAndWatchAsync(
        string path, CancellationToken cancellationToken = default) =>
        WatchedAsync(token => session.GetChildrenAndWatchAsync(path, token), cancellationToken);

    /// <inheritdoc/>
    public Task<ZabWatch> OpenWatchAsync(
        string path, WatchMode mode, CancellationToken cancellationToken = default) =>
        pump.CallAsync(
            async token =>
            {
                ZabWatch watch = await session.OpenWatchAsync(path, mode, token).ConfigureAwait(false);
                IAsyncEnumerable<WatchEvent> events = pump.Follow(watch, CancellationToken.None);
                return new ZabWatch(path, mode, events, () => pump.CallAsync(watch.DisposeAsync));
            },
            cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<WatchEvent> WatchAsync(
        string path, WatchMode mode, CancellationToken cancellationToken = default) =>
        pump.Follow(session.WatchAsync(path, mode, CancellationToken.None), cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => pump.CallAsync(session.DisposeAsync);

    private Task<Watched<T>> WatchedAsync<T>(
        Func<CancellationToken, Task<Watched<T>>> call, CancellationToken cancellationToken) =>
        pump.CallAsync(
            async token =>
            {
                Watched<T> watched = await call(token).ConfigureAwait(false);
                return watched with { Changed = pump.Carry(watched.Changed) };
            },
            cancellationToken);
}
