using System;
using System.Collections.Generic;
using Zab.Core.Primitives;
using Zab.Core.Sessions;
using Zab.Core.Tree;

namespace Zab.Core.Requests;

/// <summary>Turns a client's request into a transaction, or into an error that costs no log write.</summary>
/// <remarks>Runs on the leader, against the newest <em>proposed</em> state: what is proposed and not yet
/// committed counts (ZB-66). One owner; not thread-safe. Source: ZooKeeper
/// <c>PrepRequestProcessor</c>.</remarks>
internal sealed class RequestPreparer
{
    /// <summary>The most bytes of a transaction, header and all (R19). Storage, transport and snapshots must
    /// take as much.</summary>
    /// <remarks>ZooKeeper's limit for reading a transaction back: twice its limit for a request.</remarks>
    public const int RecordBytesMax = 2 * 1_048_575;

    private readonly DataWriter _proposed;
    private readonly RequestRules _rules;
    private readonly ZnodePreparer _nodes;
    private readonly List<ZnodeChange> _unused = [];

    /// <summary>Prepares requests against a state.</summary>
    /// <param name="proposed">The newest proposed state. It is left as it is; the caller applies the
    /// transactions.</param>
    /// <param name="rules">What is allowed.</param>
    public RequestPreparer(DataWriter proposed, RequestRules rules)
    {
        Invariant.Holds(rules.RecordBytesMax is > 0 and <= RecordBytesMax);
        _proposed = proposed;
        _rules = rules;
        _nodes = new ZnodePreparer(proposed, rules);
    }

    /// <summary>In the last request, a multi, the operation that failed; 0 for others.</summary>
    public int FailedAt { get; private set; }

    /// <summary>The node whose quota the last request exceeds, though that was allowed; null for
    /// none.</summary>
    public string? WarnedQuota { get; private set; }

    /// <summary>Prepares a request.</summary>
    /// <param name="request">The request: one that changes something.</param>
    /// <param name="origin">The server that serves the session.</param>
    /// <param name="zxid">The zxid that the transaction is to have.</param>
    /// <param name="timeMs">The leader's clock, in milliseconds since 1970.</param>
    /// <param name="txn">The transaction, when the outcome is <see cref="ErrorCode.Ok"/>. Its digest comes
    /// when it is applied.</param>
    /// <returns>The outcome. A write of a session that is not in the proposed table:
    /// <see cref="ErrorCode.SessionExpired"/>. A transaction above
    /// <see cref="RequestRules.RecordBytesMax"/>: <see cref="ErrorCode.BadArguments"/>. An operation that is
    /// no write: <see cref="ErrorCode.Unimplemented"/>.</returns>
    public ErrorCode Prepare(
        in ClientRequest request, ServerId origin, Zxid zxid, long timeMs, out Memory<byte> txn)
    {
        (FailedAt, WarnedQuota, txn) = (0, null, default);
        TxnHeader header = new(request.Session, request.Cxid, zxid, timeMs, request.Op);
        TxnRecord? record;
        ErrorCode error = request.Op switch
        {
            OpCode.CreateSession => PrepareCreateSession(request, origin, out record),
            OpCode.MoveSession => PrepareMoveSession(request, origin, out record),
            OpCode.CloseSession => PrepareCloseSession(request, out record),
            OpCode.Multi => PrepareMulti(request, header, out record),
            _ => PrepareNode(request, timeMs, out record),
        };
        if (error != ErrorCode.Ok)
            return error;

        header = header with { Type = record!.Type };
        txn = TxnRecords.Write(header, record, request.AnsweredUpTo ?? TxnTrailer.NotKept);
        if (txn.Length <= _rules.RecordBytesMax)
            return ErrorCode.Ok;

        txn = default;
        return ErrorCode.BadArguments;
    }

    private ErrorCode PrepareNode(in ClientRequest request, long timeMs, out TxnRecord? record)
    {
        record = null;
        if (request.Op == OpCode.Check)
            return ErrorCode.Unimplemented; // alone it would be a write that writes nothing

        ErrorCode error = _nodes.Prepare(request, timeMs, out record);
        WarnedQuota = error == ErrorCode.Ok ? _nodes.WarnedQuota : null;
        return error;
    }

    /// <summary>Prepares each part against what the parts before it did, then takes all of that back: the
    /// transaction does it again, in the one way in which data changes (R11).</summary>
    private ErrorCode PrepareMulti(in ClientRequest request, in TxnHeader header, out TxnRecord? record)
    {
        record = null;
        if (!_proposed.Sessions.Contains(request.Session) && request.Operations is not { Count: > 0 })
            return ErrorCode.SessionExpired; // else each part asks, in its place among its other faults

        List<TxnRecord> parts = [];
        DataState before = _proposed.Freeze();
        try
        {
            foreach (ClientRequest operation in request.Operations ?? [])
            {
                ErrorCode error = operation.Op.IsPartOfMulti
                    ? _nodes.Prepare(
                        operation with { Session = request.Session, Identities = request.Identities },
                        header.TimeMs,
                        out record)
                    : ErrorCode.MarshallingError;
                if (error != ErrorCode.Ok)
                {
                    WarnedQuota = null;
                    return error;
                }

                WarnedQuota ??= _nodes.WarnedQuota;
                parts.Add(record!);
                _ = _proposed.ApplyPart(header, record!.Type, TxnRecords.WritePart(record).Span, _unused);
                FailedAt++;
            }
        }
        finally
        {
            _unused.Clear();
            _proposed.ReturnTo(before);
        }

        FailedAt = 0;
        record = new TxnRecord { Type = OpCode.Multi, Parts = parts };
        return ErrorCode.Ok;
    }

    private ErrorCode PrepareCreateSession(in ClientRequest request, ServerId origin, out TxnRecord? record)
    {
        record = null;
        if (!SessionTable.IsUsable(request.Session) || SessionTable.OpenerOf(request.Session) != origin
            || request.TimeoutMs <= 0 || _proposed.Sessions.Contains(request.Session))
        {
            return ErrorCode.BadArguments;
        }

        bool bringsSecret = _proposed.Secret.IsEmpty;
        if (bringsSecret && request.Secret.Length != SessionPassword.SecretBytes)
            return ErrorCode.BadArguments;

        record = new TxnRecord
        {
            Type = OpCode.CreateSession,
            Number = request.TimeoutMs,
            Data = bringsSecret ? request.Secret : (ReadOnlyMemory<byte>?)null,
        };
        return ErrorCode.Ok;
    }

    private ErrorCode PrepareMoveSession(in ClientRequest request, ServerId origin, out TxnRecord? record)
    {
        record = null;
        if (!_proposed.Sessions.Contains(request.Session))
            return ErrorCode.SessionExpired;

        record = new TxnRecord { Type = OpCode.MoveSession, Number = origin.Value };
        return ErrorCode.Ok;
    }

    private ErrorCode PrepareCloseSession(in ClientRequest request, out TxnRecord? record)
    {
        bool isOpen = _proposed.Sessions.TryGet(request.Session, out SessionRecord? session);
        record = isOpen ? new TxnRecord { Type = OpCode.CloseSession, Session = session } : null;
        return isOpen ? ErrorCode.Ok : ErrorCode.SessionExpired;
    }
}
