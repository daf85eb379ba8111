using Zab.Core.Access;
using Zab.Core.Tree;

namespace Zab;

/// <content>Permissions, transactions, and who the session is.</content>
public partial interface IZabSession
{
    /// <summary>What it takes to go on with the session through another node; see
    /// <see cref="ZabNode.ResumeSessionAsync"/>.</summary>
    SessionCredentials Credentials { get; }

    /// <summary>Creates a node.</summary>
    /// <param name="path">Its path; for a sequential node without the number.</param>
    /// <param name="options">What it is to be like.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Its final path and its stat.</returns>
    /// <exception cref="NodeExistsException">It exists.</exception>
    /// <exception cref="NoNodeException">Its parent does not exist.</exception>
    /// <exception cref="NoAuthException">The parent's permissions do not allow it.</exception>
    /// <exception cref="InvalidAclException">The permissions cannot be given to a node.</exception>
    /// <exception cref="QuotaExceededException">There is no room.</exception>
    Task<CreateResult> CreateAsync(
        string path, CreateOptions options, CancellationToken cancellationToken = default);

    /// <summary>Reads the permissions of a node.</summary>
    /// <param name="path">The node.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The permissions.</returns>
    /// <exception cref="NoNodeException">It does not exist.</exception>
    /// <exception cref="NoAuthException">The session may neither read the node nor set its
    /// permissions.</exception>
    Task<AclSnapshot> GetAclAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>Sets the permissions of a node. No watch fires.</summary>
    /// <param name="path">The node.</param>
    /// <param name="acl">Who may do what.</param>
    /// <param name="aversion">The version that its permissions must have; -1 for any.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The node's new stat.</returns>
    /// <exception cref="NoNodeException">It does not exist.</exception>
    /// <exception cref="NoAuthException">The session may not set them.</exception>
    /// <exception cref="InvalidAclException">They cannot be given to a node.</exception>
    /// <exception cref="BadVersionException">They have another version.</exception>
    Task<Stat> SetAclAsync(
        string path, Acl acl, int aversion = -1, CancellationToken cancellationToken = default);

    /// <summary>Counts all nodes below a node. The count is kept by the tree: it costs no walk.</summary>
    /// <param name="path">The node.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>How many, the node itself not counted.</returns>
    /// <exception cref="NoNodeException">It does not exist.</exception>
    Task<int> GetAllChildrenNumberAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>Lists the ephemeral nodes of this session.</summary>
    /// <param name="prefix">How their paths begin: a plain prefix of the text.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Their paths, in the order of their bytes.</returns>
    Task<IReadOnlyList<string>> GetEphemeralsAsync(
        string prefix = "/", CancellationToken cancellationToken = default);

    /// <summary>Begins to gather writes that are done all or none.</summary>
    /// <returns>A transaction of this session. Nothing is sent before it is committed.</returns>
    ZabTransaction Transaction() => new(this);

    /// <summary>Does several writes in one transaction, or none.</summary>
    /// <param name="operations">The writes; each sees what those before it did.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>What each gave back.</returns>
    /// <exception cref="TransactionFailedException">One could not be done; none was.</exception>
    Task<TransactionResult> MultiAsync(
        IReadOnlyList<ZabOperation> operations, CancellationToken cancellationToken = default);

    /// <summary>Does several reads of one state.</summary>
    /// <param name="reads">The reads.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>How each went, with an outcome of its own.</returns>
    Task<IReadOnlyList<OperationResult>> MultiReadAsync(
        IReadOnlyList<ZabRead> reads, CancellationToken cancellationToken = default);

    /// <summary>Adds to who the session is. Calls that were made before ask as who it was then.</summary>
    /// <param name="scheme">The scheme: <c>digest</c>, or one of
    /// <see cref="ZabNodeOptions.AuthenticationProviders"/>.</param>
    /// <param name="credentials">What proves it, as the scheme wants it: <c>user:password</c> in UTF-8 for
    /// <c>digest</c>.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A task that ends when it counts.</returns>
    /// <exception cref="AuthFailedException">The scheme is unknown, or refused the credentials. The session
    /// goes on as who it was.</exception>
    Task AddAuthAsync(
        string scheme, ReadOnlyMemory<byte> credentials, CancellationToken cancellationToken = default);

    /// <summary>Who the session is.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Its identities; none for a session that has proved nothing.</returns>
    Task<IReadOnlyList<Identity>> WhoAmIAsync(CancellationToken cancellationToken = default);
}
