using Zab.Core.Access;
using Zab.Core.Tree;

namespace Zab.Testing.Simulation.Hosting;

/// <content>Permissions, transactions, and who the session is.</content>
internal sealed partial class SimulatedSession
{
    /// <inheritdoc/>
    public SessionCredentials Credentials => session.Credentials;

    /// <inheritdoc/>
    public Task<CreateResult> CreateAsync(
        string path, CreateOptions options, CancellationToken cancellationToken = default) =>
        pump.CallAsync(token => session.CreateAsync(path, options, token), cancellationToken);

    /// <inheritdoc/>
    public Task<AclSnapshot> GetAclAsync(string path, CancellationToken cancellationToken = default) =>
        pump.CallAsync(token => session.GetAclAsync(path, token), cancellationToken);

    /// <inheritdoc/>
    public Task<Stat> SetAclAsync(
        string path, Acl acl, int aversion = -1, CancellationToken cancellationToken = default) =>
        pump.CallAsync(token => session.SetAclAsync(path, acl, aversion, token), cancellationToken);

    /// <inheritdoc/>
    public Task<int> GetAllChildrenNumberAsync(string path, CancellationToken cancellationToken = default) =>
        pump.CallAsync(token => session.GetAllChildrenNumberAsync(path, token), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> GetEphemeralsAsync(
        string prefix = "/", CancellationToken cancellationToken = default) =>
        pump.CallAsync(token => session.GetEphemeralsAsync(prefix, token), cancellationToken);

    /// <inheritdoc/>
    public Task<TransactionResult> MultiAsync(
        IReadOnlyList<ZabOperation> operations, CancellationToken cancellationToken = default) =>
        pump.CallAsync(token => session.MultiAsync(operations, token), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<OperationResult>> MultiReadAsync(
        IReadOnlyList<ZabRead> reads, CancellationToken cancellationToken = default) =>
        pump.CallAsync(token => session.MultiReadAsync(reads, token), cancellationToken);

    /// <inheritdoc/>
    public Task AddAuthAsync(
        string scheme, ReadOnlyMemory<byte> credentials, CancellationToken cancellationToken = default) =>
        pump.CallAsync(
            async token =>
            {
                await session.AddAuthAsync(scheme, credentials, token).ConfigureAwait(false);
                return true;
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Identity>> WhoAmIAsync(CancellationToken cancellationToken = default) =>
        pump.CallAsync(token => session.WhoAmIAsync(token), cancellationToken);
}
