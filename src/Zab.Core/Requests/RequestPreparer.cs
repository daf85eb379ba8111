using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Zab.Core.Primitives;
using Zab.Core.Sessions;
using Zab.Core.Tree;

namespace Zab.Core.Requests;

/// <summary>Turns a client's request into a transaction, or into an error that costs no log write.</summary>
/// <remarks>Runs on the leader, against the newest <em>proposed</em> state: what is proposed and not yet
/// committed counts (ZB-66). The checks come in ZooKeeper's order, so that the same error wins. Source:
/// ZooKeeper <c>PrepRequestProcessor</c>.</remarks>
internal static class RequestPreparer
{
    /// <summary>The most bytes of a transaction, header and all (R19). Storage, transport and snapshots must
    /// take as much.</summary>
    /// <remarks>ZooKeeper's limit for reading a transaction back: twice its limit for a request.</remarks>
    public const int RecordBytesMax = 2 * 1_048_575;

    private const int AnyVersion = -1;

    /// <summary>Prepares a request. The caller then applies the transaction to
    /// <paramref name="proposed"/>.</summary>
    /// <param name="request">The request: one that changes something.</param>
    /// <param name="proposed">The newest proposed state; only read.</param>
    /// <param name="zxid">The zxid that the transaction is to have.</param>
    /// <param name="timeMs">The leader's clock, in milliseconds since 1970.</param>
    /// <param name="txn">The transaction, when the outcome is <see cref="ErrorCode.Ok"/>.</param>
    /// <returns>The outcome. A create, delete, set or close of a session that is not in the proposed table:
    /// <see cref="ErrorCode.SessionExpired"/>. A transaction above <see cref="RecordBytesMax"/>:
    /// <see cref="ErrorCode.BadArguments"/>. An operation that is no write:
    /// <see cref="ErrorCode.Unimplemented"/>.</returns>
    public static ErrorCode Prepare(
        in ClientRequest request, DataWriter proposed, Zxid zxid, long timeMs, out ReadOnlyMemory<byte> txn)
    {
        TxnHeader header = new(request.Session, request.Cxid, zxid, timeMs, request.Op);
        txn = default;
        ErrorCode error;
        switch (request.Op)
        {
            case OpCode.Create:
            case OpCode.Create2:
                error = PrepareCreate(request, header, proposed, ref txn);
                break;
            case OpCode.Delete:
                error = PrepareDelete(request, header, proposed, ref txn);
                break;
            case OpCode.SetData:
                error = PrepareSetData(request, header, proposed, ref txn);
                break;
            case OpCode.CreateSession:
                error = PrepareCreateSession(request, header, proposed, ref txn);
                break;
            case OpCode.CloseSession:
                error = PrepareCloseSession(request, header, proposed, ref txn);
                break;
            case OpCode.Exists:
            case OpCode.GetData:
            case OpCode.GetChildren:
            case OpCode.Sync:
            case OpCode.GetChildren2:
            case OpCode.RemoveWatches:
            case OpCode.AddWatch:
            default:
                error = ErrorCode.Unimplemented;
                break;
        }

        if (txn.Length > RecordBytesMax)
        {
            txn = default;
            error = ErrorCode.BadArguments;
        }

        Invariant.Holds(error == ErrorCode.Ok == !txn.IsEmpty);
        return error;
    }

    private static ErrorCode PrepareCreate(
        in ClientRequest request, in TxnHeader header, DataWriter proposed, ref ReadOnlyMemory<byte> txn)
    {
        if (!request.Mode.IsKnown)
            return ErrorCode.BadArguments;
        if (!proposed.Sessions.TryGet(request.Session, out SessionRecord? session))
            return ErrorCode.SessionExpired;
        if (!PathRules.HasParent(request.Path))
            return ErrorCode.BadArguments;
        if (!TryFindParent(proposed, request.Path, out Znode? parent))
            return ErrorCode.NoNode;

        string path = request.Mode.IsSequential ? request.Path + Suffix(parent.Creations) : request.Path;
        if (!PathRules.IsValid(path))
            return ErrorCode.BadArguments;
        if (proposed.TryFind(path, out _))
            return ErrorCode.NodeExists;
        if (parent.EphemeralOwner != SessionId.None)
            return ErrorCode.NoChildrenForEphemerals;

        int parentCreations = unchecked(parent.Creations + 1);
        txn = TxnRecords.Create(header, path, request.Data, request.Mode.IsEphemeral, parentCreations);

        // Closing the session lists its nodes in one transaction, and must always be possible. The list grows
        // by less than this transaction has.
        if (request.Mode.IsEphemeral && TxnRecords.CloseSessionBytes(session) > RecordBytesMax - txn.Length)
        {
            txn = default;
            return ErrorCode.QuotaExceeded;
        }

        return ErrorCode.Ok;
    }

    private static ErrorCode PrepareDelete(
        in ClientRequest request, in TxnHeader header, DataWriter proposed, ref ReadOnlyMemory<byte> txn)
    {
        if (!proposed.Sessions.Contains(request.Session))
            return ErrorCode.SessionExpired;
        if (!PathRules.HasParent(request.Path) || PathRules.IsReserved(request.Path))
            return ErrorCode.BadArguments;
        if (!TryFindParent(proposed, request.Path, out _) || !proposed.TryFind(request.Path, out Znode? node))
            return ErrorCode.NoNode;
        if (!Matches(request.Version, node))
            return ErrorCode.BadVersion;
        if (node.Children.Count > 0)
            return ErrorCode.NotEmpty;

        txn = TxnRecords.Delete(header, request.Path);
        return ErrorCode.Ok;
    }

    private static ErrorCode PrepareSetData(
        in ClientRequest request, in TxnHeader header, DataWriter proposed, ref ReadOnlyMemory<byte> txn)
    {
        if (!proposed.Sessions.Contains(request.Session))
            return ErrorCode.SessionExpired;
        if (!PathRules.IsValid(request.Path))
            return ErrorCode.BadArguments;
        if (!proposed.TryFind(request.Path, out Znode? node))
            return ErrorCode.NoNode;
        if (request.Path == PathRules.ConfigNode)
            return ErrorCode.NoAuth; // The membership changes by reconfiguration alone.
        if (!Matches(request.Version, node))
            return ErrorCode.BadVersion;

        // -1 would mean any version in a request, so a counter that comes to it goes on from 0 (ZB-41).
        int version = node.Version == AnyVersion - 1 ? 0 : unchecked(node.Version + 1);
        txn = TxnRecords.SetData(header, request.Path, request.Data, version);
        return ErrorCode.Ok;
    }

    private static ErrorCode PrepareCreateSession(
        in ClientRequest request, in TxnHeader header, DataWriter proposed, ref ReadOnlyMemory<byte> txn)
    {
        if (!SessionTable.IsUsable(request.Session) || request.TimeoutMs <= 0 || proposed.Sessions.Contains(
            request.Session))
            return ErrorCode.BadArguments;

        txn = TxnRecords.CreateSession(header, request.TimeoutMs);
        return ErrorCode.Ok;
    }

    private static ErrorCode PrepareCloseSession(
        in ClientRequest request, in TxnHeader header, DataWriter proposed, ref ReadOnlyMemory<byte> txn)
    {
        if (!proposed.Sessions.TryGet(request.Session, out SessionRecord? session))
            return ErrorCode.SessionExpired;

        txn = TxnRecords.CloseSession(header, session);
        return ErrorCode.Ok;
    }

    private static bool TryFindParent(
        DataWriter proposed, string path, [NotNullWhen(true)] out Znode? parent) =>
        proposed.TryFind(PathRules.ParentOf(path), out parent);

    private static bool Matches(int version, Znode node) => version == AnyVersion || version == node.Version;

    /// <summary>A creation counter as the end of a name: 10 characters, and 11 for the smallest number
    /// alone.</summary>
    /// <remarks>Source: Java's <c>%010d</c>, which counts the minus sign as one of the ten.</remarks>
    private static string Suffix(int creations) =>
        creations.ToString(creations < 0 ? "D9" : "D10", CultureInfo.InvariantCulture);
}
