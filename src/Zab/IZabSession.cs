using Zab.Core.Primitives;
using Zab.Core.Tree;
using Zab.Core.Watches;

namespace Zab;

/// <summary>A client's session with the ensemble, through the node in this process.</summary>
/// <remarks>
/// <para>Thread-safe. Calls take effect in the order in which they are made, and are answered in that order.
/// At most 1,000 may be unanswered at a time; one more fails with
/// <see cref="RequestThrottledException"/>.</para>
/// <para>A write that was awaited is on the disks of a quorum and applied on this node. While the node has no
/// leader, calls wait until it has, at most for <see cref="Timeout"/>; then they fail with a
/// <see cref="ConnectionLossException"/> that says that nothing was sent. A call that was under way when the
/// leader was lost is asked again of the next one, and done at most once: every request carries a number, and
/// the ensemble keeps the answers that a session may still ask for. Only when there is no next leader for as
/// long as <see cref="Timeout"/>, or the session is gone when there is, it fails with one that says that its
/// outcome is not known.</para>
/// <para>Cancelling stops the waiting. A write that was sent may be done none the less.</para>
/// <para>The node keeps the session alive for as long as it runs. When it dies, the ensemble ends the session
/// after
/// <see cref="Timeout"/>, and deletes its ephemeral nodes.</para>
/// <para>Every method throws <see cref="ObjectDisposedException"/> after
/// <see cref="IAsyncDisposable.DisposeAsync"/>, and
/// <see cref="SessionExpiredException"/> after the session expired.</para>
/// </remarks>
public partial interface IZabSession : IAsyncDisposable
{
    /// <summary>The session's id.</summary>
    SessionId Id { get; }

    /// <summary>How long the session lives on when its node is gone.</summary>
    TimeSpan Timeout { get; }

    /// <summary>What the session is now.</summary>
    ZabSessionState State { get; }

    /// <summary>The state now, and every change that the caller is quick enough to see; ends after the last
    /// state.</summary>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    /// <returns>The states. Of several changes that were not read, only the latest is kept.</returns>
    IAsyncEnumerable<ZabSessionState> StateChanges(CancellationToken cancellationToken = default);

    /// <summary>Creates a node.</summary>
    /// <param name="path">Its path; for a sequential node without the number.</param>
    /// <param name="data">Its data, which is copied; null and empty are two things.</param>
    /// <param name="mode">The kind of node.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Its final path.</returns>
    /// <exception cref="NodeExistsException">It exists.</exception>
    /// <exception cref="NoNodeException">Its parent does not exist.</exception>
    /// <exception cref="NoChildrenForEphemeralsException">Its parent is ephemeral.</exception>
    /// <exception cref="ConnectionLossException">See the remarks of this interface.</exception>
    /// <exception cref="ArgumentException">Path and data are longer than
    /// <see cref="ZabNodeOptions.RequestBytesMax"/>.</exception>
    Task<string> CreateAsync(
        string path,
        ReadOnlyMemory<byte>? data = null,
        CreateMode mode = CreateMode.Persistent,
        CancellationToken cancellationToken = default);

    /// <summary>As <see cref="CreateAsync"/>, and tells the new node's stat.</summary>
    /// <param name="path">Its path; for a sequential node without the number.</param>
    /// <param name="data">Its data, which is copied; null and empty are two things.</param>
    /// <param name="mode">The kind of node.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Its final path and its stat.</returns>
    Task<CreateResult> CreateWithStatAsync(
        string path,
        ReadOnlyMemory<byte>? data = null,
        CreateMode mode = CreateMode.Persistent,
        CancellationToken cancellationToken = default);

    /// <summary>Deletes a node.</summary>
    /// <param name="path">The node.</param>
    /// <param name="version">The version that it must have; -1 for any.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The transaction.</returns>
    /// <exception cref="NoNodeException">It does not exist.</exception>
    /// <exception cref="BadVersionException">It has another version.</exception>
    /// <exception cref="NotEmptyException">It has children.</exception>
    /// <exception cref="ConnectionLossException">See the remarks of this interface.</exception>
    Task<Zxid> DeleteAsync(string path, int version = -1, CancellationToken cancellationToken = default);

    /// <summary>Sets the data of a node.</summary>
    /// <param name="path">The node.</param>
    /// <param name="data">Its new data, which is copied; null and empty are two things.</param>
    /// <param name="version">The version that it must have; -1 for any.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Its new stat; <see cref="Stat.Mzxid"/> is the transaction.</returns>
    /// <exception cref="NoNodeException">It does not exist.</exception>
    /// <exception cref="BadVersionException">It has another version.</exception>
    /// <exception cref="ConnectionLossException">See the remarks of this interface.</exception>
    /// <exception cref="ArgumentException">Path and data are longer than
    /// <see cref="ZabNodeOptions.RequestBytesMax"/>.</exception>
    Task<Stat> SetAsync(
        string path,
        ReadOnlyMemory<byte>? data,
        int version = -1,
        CancellationToken cancellationToken = default);

    /// <summary>Reads data and stat of a node. Ends at once, and allocates nothing, when the node serves, the
    /// session has nothing under way and the read is local.</summary>
    /// <param name="path">The node.</param>
    /// <param name="consistency">How fresh the answer is.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The node.</returns>
    /// <exception cref="NoNodeException">It does not exist.</exception>
    ValueTask<ZnodeSnapshot> GetAsync(
        string path,
        ReadConsistency consistency = ReadConsistency.Local,
        CancellationToken cancellationToken = default);

    /// <summary>Reads the stat of a node that need not exist.</summary>
    /// <param name="path">The node.</param>
    /// <param name="consistency">How fresh the answer is.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The stat; null when the node does not exist.</returns>
    ValueTask<Stat?> ExistsAsync(
        string path,
        ReadConsistency consistency = ReadConsistency.Local,
        CancellationToken cancellationToken = default);

    /// <summary>Lists the names of a node's children.</summary>
    /// <param name="path">The node.</param>
    /// <param name="consistency">How fresh the answer is.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The names, in the order of their bytes.</returns>
    /// <exception cref="NoNodeException">It does not exist.</exception>
    ValueTask<IReadOnlyList<string>> GetChildrenAsync(
        string path,
        ReadConsistency consistency = ReadConsistency.Local,
        CancellationToken cancellationToken = default);

    /// <summary>Waits until this node shows every write that was acknowledged to anyone before the
    /// call.</summary>
    /// <param name="path">A node, for ZooKeeper's sake; all of them are brought up to date.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The state from which on this node answers.</returns>
    Task<Zxid> SyncAsync(string path = "/", CancellationToken cancellationToken = default);

    /// <summary>Reads data and stat of a node, and waits for its next change: data set or node
    /// deleted.</summary>
    /// <param name="path">The node.</param>
    /// <param name="cancellationToken">Stops waiting for the answer.</param>
    /// <returns>The node, and the news of the change.</returns>
    /// <exception cref="NoNodeException">It does not exist.</exception>
    Task<Watched<ZnodeSnapshot>> GetAndWatchAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>Reads the stat of a node that need not exist, and waits for its next change: created, data
    /// set, or deleted.</summary>
    /// <param name="path">The node.</param>
    /// <param name="cancellationToken">Stops waiting for the answer.</param>
    /// <returns>The stat, null when the node does not exist, and the news of the change.</returns>
    Task<Watched<Stat?>> ExistsAndWatchAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>Lists the names of a node's children, and waits for the next child that is created or
    /// deleted, or for the end of the node.</summary>
    /// <param name="path">The node.</param>
    /// <param name="cancellationToken">Stops waiting for the answer.</param>
    /// <returns>The names, in the order of their bytes, and the news of the change.</returns>
    /// <exception cref="NoNodeException">It does not exist.</exception>
    Task<Watched<IReadOnlyList<string>>> GetChildrenAndWatchAsync(
        string path, CancellationToken cancellationToken = default);

    /// <summary>Opens a watch that stays. When the task has ended, every later change is among its
    /// events.</summary>
    /// <param name="path">The node, which need not exist.</param>
    /// <param name="mode"><see cref="WatchMode.Persistent"/> or
    /// <see cref="WatchMode.PersistentRecursive"/>.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The watch, which belongs to the caller.</returns>
    Task<ZabWatch> OpenWatchAsync(string path, WatchMode mode, CancellationToken cancellationToken = default);

    /// <summary>The events of a watch that stays for as long as they are enumerated. It is registered when
    /// the first event is asked for: to know that it is, use <see cref="OpenWatchAsync"/>.</summary>
    /// <param name="path">The node, which need not exist.</param>
    /// <param name="mode"><see cref="WatchMode.Persistent"/> or
    /// <see cref="WatchMode.PersistentRecursive"/>.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    /// <returns>The events, in order; see <see cref="ZabWatch"/> for how they end.</returns>
    IAsyncEnumerable<WatchEvent> WatchAsync(
        string path, WatchMode mode, CancellationToken cancellationToken = default);
}
