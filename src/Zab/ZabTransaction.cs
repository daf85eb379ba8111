using Zab.Core.Tree;

namespace Zab;

/// <summary>Gathers writes that are done all or none, in one transaction.</summary>
/// <remarks>Each operation sees what those before it did. Not thread-safe. It may be committed again: every
/// commit is a transaction of its own.</remarks>
/// <param name="session">The session that commits.</param>
public sealed class ZabTransaction(IZabSession session)
{
    private readonly List<ZabOperation> _operations = [];

    /// <summary>The operations so far.</summary>
    public IReadOnlyList<ZabOperation> Operations => _operations;

    /// <inheritdoc cref="ZabOperation.Create"/>
    /// <returns>This.</returns>
    public ZabTransaction Create(string path, CreateOptions? options = null) =>
        With(ZabOperation.Create(path, options));

    /// <summary>Creates a node.</summary>
    /// <param name="path">Its path; for a sequential node without the number.</param>
    /// <param name="data">Its data, which is copied; null and empty are two things.</param>
    /// <param name="mode">The kind of node.</param>
    /// <returns>This.</returns>
    public ZabTransaction Create(
        string path, ReadOnlyMemory<byte>? data, CreateMode mode = CreateMode.Persistent) =>
        With(ZabOperation.Create(path, new CreateOptions { Data = data, Mode = mode }));

    /// <inheritdoc cref="ZabOperation.Delete"/>
    /// <returns>This.</returns>
    public ZabTransaction Delete(string path, int version = -1) => With(ZabOperation.Delete(path, version));

    /// <inheritdoc cref="ZabOperation.Set"/>
    /// <returns>This.</returns>
    public ZabTransaction Set(string path, ReadOnlyMemory<byte>? data, int version = -1) =>
        With(ZabOperation.Set(path, data, version));

    /// <inheritdoc cref="ZabOperation.Check"/>
    /// <returns>This.</returns>
    public ZabTransaction Check(string path, int version = -1) => With(ZabOperation.Check(path, version));

    /// <summary>Adds an operation.</summary>
    /// <param name="operation">The operation.</param>
    /// <returns>This.</returns>
    public ZabTransaction With(ZabOperation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        _operations.Add(operation);
        return this;
    }

    /// <summary>Does all of it, or nothing.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>What each operation gave back.</returns>
    /// <exception cref="TransactionFailedException">An operation could not be done; nothing was.</exception>
    public Task<TransactionResult> CommitAsync(CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.MultiAsync(_operations, cancellationToken);
    }
}
