using Zab.Core.Primitives;
using Zab.Core.Tree;
using Zab.Core.Watches;

namespace Zab;

/// <summary>A client's session with the ensemble, through the node in this process.</summary>
/// <remarks>
/// <para>Thread-safe. Calls take effect in the order in which they are made, and are answered in that order.
/// At most <see cref="ZabNodeOptions.SessionRequestsMax"/> may be unanswered at a time, and
/// <see cref="ZabNodeOptions.RequestsMax"/> of all sessions of the node; one more fails with
/// <see cref="RequestThrottledException"/>. A session has at most
/// <see cref="ZabNodeOptions.SessionWatchesMax"/> watches; one more fails with
/// <see cref="TooManyWatchesException"/>.</para>
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
    /// <returns>The states. Of several changes that were not read, only the latest is kept: so
    /// <see cref="ZabSessionState.Reconnected"/> tells that there was a suspension even to those who missed
    /// it.</returns>
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
    /// <exception cref="RequestTooLargeException">Path and data are longer than
    /// <see cref="ZabNodeOptions.RequestBytesMax"/>.</exception>
    Task<string> CreateAsync(
        string path,
        ReadOnlyMemory<byte>? data = null,
        CreateMode mode = CreateMode.Persistent,
        CancellationToken cancellationToken = default);

    /// <summary>Creates a node, and tells its stat.</summary>
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
    /// <exception cref="RequestTooLargeException">Path and data are longer than
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

    /// <summary>Reads data and stat of a node as they were: by the newest state that the node has kept and
    /// that is not after a zxid. Ends at once, also while the node does not serve.</summary>
    /// <remarks>There is one state for each batch of transactions that was committed together, and
    /// <see cref="ZabNodeOptions.StatesKept"/> and its neighbours say how many are kept. A node that was
    /// started anew, or was brought up to date by a snapshot, begins with the state that it had
    /// then.</remarks>
    /// <param name="path">The node.</param>
    /// <param name="asOf">The zxid.</param>
    /// <param name="cancellationToken">Must not be cancelled yet.</param>
    /// <returns>The node; <see cref="ZnodeSnapshot.Zxid"/> says by which state.</returns>
    /// <exception cref="NoNodeException">It did not exist.</exception>
    /// <exception cref="HistoryGoneException">No state that old is kept.</exception>
    /// <exception cref="NotYetAppliedException">This node has not come that far.</exception>
    ValueTask<ZnodeSnapshot> GetAsync(string path, Zxid asOf, CancellationToken cancellationToken = default);

    /// <summary>What changed in the tree between two states that this node has kept. Ends at once, on the
    /// caller's thread, and takes as long as there are changes.</summary>
    /// <param name="from">The earlier state: the newest that is kept and not after this zxid.</param>
    /// <param name="until">The later state, likewise.</param>
    /// <param name="cancellationToken">Must not be cancelled yet.</param>
    /// <returns>The changes, and which states were compared.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="from"/> is above
    /// <paramref name="until"/>.</exception>
    /// <exception cref="HistoryGoneException">No state that old is kept.</exception>
    /// <exception cref="NotYetAppliedException">This node has not come that far.</exception>
    ValueTask<TreeDifference> DiffAsync(
        Zxid from, Zxid until, CancellationToken cancellationToken = default);

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

    /// <summary>Lists the names of a node's children, a page at a time. Ends at once, as
    /// <see cref="GetAsync(string, ReadConsistency, CancellationToken)"/> does.</summary>
    /// <remarks>Each page shows one state. From page to page children may come and go; those that stay are
    /// listed once.</remarks>
    /// <param name="path">The node.</param>
    /// <param name="after">The last name of the page before, which need not exist any more; null for the
    /// first page.</param>
    /// <param name="limit">The most names to list; 1 or more.</param>
    /// <param name="consistency">How fresh the answer is.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The names, in the order of their bytes in UTF-8. Fewer than <paramref name="limit"/>: there
    /// are no more.</returns>
    /// <exception cref="NoNodeException">The node does not exist.</exception>
    ValueTask<IReadOnlyList<string>> GetChildrenAsync(
        string path,
        string? after,
        int limit,
        ReadConsistency consistency = ReadConsistency.Local,
        CancellationToken cancellationToken = default);

    /// <summary>Waits until this node shows every write that was acknowledged to anyone before the
    /// call.</summary>
    /// <param name="path">A node, for ZooKeeper's sake; all of them are brought up to date.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The state from which on this node answers.</returns>
    Task<Zxid> SyncAsync(string path = "/", CancellationToken cancellationToken = default);

    /// <summary>Every change of a node and of everything below it, from a zxid on: in order, transaction by
    /// transaction, and each once. Over changes of the leader, and while the node does not serve, it goes on
    /// where it was.</summary>
    /// <remarks>
    /// <para>To go on later, ask for what comes after the <see cref="TreeChanges.Zxid"/> of the last item
    /// that was dealt with: of this session or of another one, on this node or on any other of the ensemble.
    /// To begin, read the nodes, and ask for what comes after the <see cref="ZnodeSnapshot.Zxid"/> of the
    /// first of the reads; or ask for what comes after <see cref="Zxid.None"/>.</para>
    /// <para>The node keeps the latest changes in memory (<see cref="ZabNodeOptions.ChangesKept"/>). What it
    /// never saw one by one, as a snapshot brought it, or has kept no longer, it cannot tell. Then an item
    /// with <see cref="TreeChanges.IsGap"/> says so, and the changes after it follow: read the nodes anew
    /// when it comes. So a reader may be as slow as he likes. He holds up nobody, and nothing waits for
    /// him.</para>
    /// <para>What an item tells is visible on this node: a read of this session shows it, or something
    /// newer.</para>
    /// <para>The enumeration ends when the session is closed, and fails with
    /// <see cref="SessionExpiredException"/> when it expires.</para>
    /// </remarks>
    /// <param name="path">The node, which need not exist.</param>
    /// <param name="after">The first transaction above this zxid is the first that is told of.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    /// <returns>The changes; every enumeration begins after <paramref name="after"/>.</returns>
    /// <exception cref="ZabException">The path is malformed.</exception>
    IAsyncEnumerable<TreeChanges> WatchFromAsync(
        string path, Zxid after, CancellationToken cancellationToken = default);

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
    /// <returns>The watch, which belongs to the caller: its events can be enumerated, or observed
    /// (<see cref="ZabWatch.AsObservable"/>).</returns>
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
