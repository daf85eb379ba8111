using Zab.Core.Access;
using Zab.Core.Requests;
using Zab.Core.Tree;

namespace Zab.Sessions;

/// <content>Permissions, transactions, and who the session is.</content>
internal sealed partial class ZabSession
{
    private const int RequestOverhead = 256;

    /// <inheritdoc/>
    public async Task<CreateResult> CreateAsync(
        string path, CreateOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(options);
        ThrowIfTooLong(path, options.Data?.Length ?? 0);
        ClientRequest request = ClientRequests.Create(path, options);
        ThrowIfTooLong(request);
        ClientReply reply = await AskAsync(request, cancellationToken).ConfigureAwait(false);
        return new CreateResult(reply.Path ?? path, reply.Stat);
    }

    /// <inheritdoc/>
    public async Task<AclSnapshot> GetAclAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        ClientRequest request = new() { Op = OpCode.GetAcl, Path = path };
        ClientReply reply = await AskAsync(request, cancellationToken).ConfigureAwait(false);
        return new AclSnapshot(reply.Acl ?? Acl.Open, reply.Stat);
    }

    /// <inheritdoc/>
    public async Task<Stat> SetAclAsync(
        string path, Acl acl, int aversion = -1, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(acl);
        ClientRequest request = new() { Op = OpCode.SetAcl, Path = path, Acl = acl, Version = aversion };
        ThrowIfTooLong(request);
        ClientReply reply = await AskAsync(request, cancellationToken).ConfigureAwait(false);
        return reply.Stat;
    }

    /// <inheritdoc/>
    public async Task<int> GetAllChildrenNumberAsync(
        string path, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        ClientRequest request = new() { Op = OpCode.GetAllChildrenNumber, Path = path };
        ClientReply reply = await AskAsync(request, cancellationToken).ConfigureAwait(false);
        return reply.Count;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> GetEphemeralsAsync(
        string prefix = "/", CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        ClientRequest request = new() { Op = OpCode.GetEphemerals, Path = prefix };
        ClientReply reply = await AskAsync(request, cancellationToken).ConfigureAwait(false);
        return reply.Children ?? [];
    }

    /// <inheritdoc/>
    public async Task<TransactionResult> MultiAsync(
        IReadOnlyList<ZabOperation> operations, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(operations);
        ClientRequest request = new()
        {
            Op = OpCode.Multi,
            Operations = [.. operations.Select(operation => operation.Request)],
        };
        ThrowIfTooLong(request);
        ThrowUnlessOpen("");
        ClientReply reply =
            await SendAsync(new Call(this, request), cancellationToken).ConfigureAwait(false);
        OperationResult[] results = OperationResult.AllOf(reply);
        int failedAt = Array.FindIndex(results, result => result.Error != ErrorCode.Ok);
        if (failedAt >= 0 && reply.Error != ErrorCode.SessionExpired) // which is no operation's fault
        {
            throw new TransactionFailedException(results, failedAt);
        }

        ThrowUnlessOk(reply, "");
        return new TransactionResult(reply.Zxid, results);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<OperationResult>> MultiReadAsync(
        IReadOnlyList<ZabRead> reads, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reads);
        ClientRequest request = new()
        {
            Op = OpCode.MultiRead,
            Operations = [.. reads.Select(read => read.Request)],
        };
        ClientReply reply = await AskAsync(request, cancellationToken).ConfigureAwait(false);
        return OperationResult.AllOf(reply);
    }

    /// <inheritdoc/>
    public async Task AddAuthAsync(
        string scheme, ReadOnlyMemory<byte> credentials, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scheme);
        ThrowUnlessOpen("");
        ClientRequest request =
            await _node.AuthenticateAsync(scheme, credentials, cancellationToken).ConfigureAwait(false);
        _ = await AskAsync(request, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Identity>> WhoAmIAsync(CancellationToken cancellationToken = default)
    {
        ClientRequest request = new() { Op = OpCode.WhoAmI };
        ClientReply reply = await AskAsync(request, cancellationToken).ConfigureAwait(false);
        return reply.Identities ?? [];
    }

    /// <summary>Refuses what is long by its permissions, or by the number of its operations.</summary>
    private void ThrowIfTooLong(in ClientRequest request)
    {
        int length = request.Encode().Length;
        if (length > _node.Limits.RequestBytesMax + RequestOverhead)
        {
            throw new RequestTooLargeException("", length, _node.Limits.RequestBytesMax);
        }
    }
}
