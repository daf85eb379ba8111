using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Zab.Authentication;
using Zab.Core.Access;
using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Server.Sasl;
using Zab.Sessions;
using Zab.Wire;

namespace Zab.Server.Connections;

/// <content>What the client asks.</content>
internal sealed partial class ClientConnection
{
    private const int HeaderBytes = 2 * sizeof(int);
    private const int SentBytesMax = 4 * 1024 * 1024;
    private const long OutstandingBytesMax = 100 * 1024 * 1024; // ZooKeeper's largeRequestMaxBytes

    private static readonly TimeSpan s_proofTimeout = TimeSpan.FromSeconds(10);

    private IReadOnlyList<Identity> _identities;
    private WireRequest? _token;
    private Task<IReadOnlyList<Identity>?>? _proof;
    private DigestMd5Exchange? _sasl;
    private int _lastCxid;
    private int _submitted;
    private int _sentBytes;
    private int _frameBytes;
    private int _receivedNow;

    /// <summary>Whether the next request may be taken: there is room for it, for this client and for
    /// all.</summary>
    /// <remarks>Beyond what is allowed in all, each client has one request under way. Source: ZooKeeper
    /// <c>ZooKeeperServer.shouldThrottle</c>.</remarks>
    private bool CanTake => _phase == ConnectionPhase.Serving && !_isHeldBack && _token is null
        && _sent.Count < _port.Loop.Limits.SessionRequestsMax
        && (_sent.Count == 0
            || (_sentBytes < SentBytesMax && _port.Counters.Outstanding < _port.Loop.Limits.RequestsMax
                && _port.Counters.OutstandingBytes < OutstandingBytesMax));

    /// <summary>Takes one packet after the first.</summary>
    private void Take(in ReadOnlySequence<byte> frame, Published published)
    {
        _receivedNow++;
        _frameBytes = (int)frame.Length;
        Hear();
        if (frame.Length < HeaderBytes)
        {
            Close("a packet is too short to be a request");
            return;
        }

        ErrorCode error = RequestFormat.TryRead(MemoryOf(frame), out WireRequest request);
        if (error != ErrorCode.Ok)
        {
            AnswerInTurn(request.Xid, error, isLast: error == ErrorCode.Unimplemented);
        }
        else if (request.Operation is { } operation)
        {
            Take(WithRoot(operation), published);
        }
        else if (request.Type == WireType.Ping)
        {
            _lastTold = published.State.LastZxid > _lastTold ? published.State.LastZxid : _lastTold;
            WriteHeader(WireXid.Ping, published.State.LastZxid, ErrorCode.Ok);
        }
        else if (request.Type == WireType.Reconfig)
        {
            AnswerInTurn(request.Xid, ErrorCode.ReconfigDisabled, isLast: false);
        }
        else
        {
            _token = request; // it may take a while to say whose it is
        }
    }

    /// <summary>To those who read, ZooKeeper's root has a second name, the empty one. A watch under that name
    /// never fires, so none is left.</summary>
    private static ClientRequest WithRoot(in ClientRequest operation) => operation switch
    {
        { Op: OpCode.MultiRead, Operations: { } parts } when parts.Any(part => part.Path.Length == 0) =>
            operation with { Operations = [.. parts.Select(part => WithRoot(part))] },
        { Op.IsRead: true, Path: "", Op: not (OpCode.MultiRead or OpCode.GetEphemerals) } =>
            operation with { Path = PathRules.Root, Watch = false },
        _ => operation,
    };

    /// <summary>Answers a read at once where that keeps the order; all else goes to the loop.</summary>
    private void Take(in ClientRequest operation, Published published)
    {
        if (_sent.Count == 0 && operation.Op.IsRead && operation.WatchesAdded == 0 && published.IsServing)
        {
            ClientRequest read = operation with { Session = Session, Identities = _identities };
            ClientReply reply = ReadProcessor.Answer(read, published.State, _port.Loop.Authenticator.Rules);
            WriteReply(read, reply);
            _port.Counters.CountAnswer(milliseconds: 0);
            Counts.CountAnswer(read.Op, read.Cxid, reply.Zxid, milliseconds: 0);
            return;
        }

        Submit(operation);
    }

    private void Submit(in ClientRequest operation, byte[]? token = null)
    {
        if (_lastCxid == ZabSession.CxidMax)
        {
            Close("the connection has used up its request numbers"); // the next one begins anew
            return;
        }

        int cxid = ++_lastCxid;
        _sentBytes += _frameBytes;
        _port.Counters.CountOutstandingBytes(_frameBytes);
        _sent.Enqueue(new SentRequest
        {
            Cxid = cxid,
            Bytes = _frameBytes,
            Request = operation,
            StartedAt = _port.TimeProvider.GetTimestamp(),
            Token = token,
        });
        _submitted++;
        _port.Counters.CountOutstanding(1);
        _batch.Add(operation with { Cxid = cxid, ListsLater = true });
    }

    /// <summary>Answers a request that the replica need not see, behind those before it.</summary>
    private void AnswerInTurn(int xid, ErrorCode error, bool isLast, byte[]? token = null)
    {
        _sent.Enqueue(new SentRequest
        {
            IsOwn = true,
            Request = new ClientRequest { Op = OpCode.Auth, Cxid = xid },
            Error = error,
            IsLast = isLast,
            Token = token,
        });
        AnswerOwn();
    }

    /// <summary>The bytes of a packet in one piece: those of the buffer when nothing of them is kept beyond
    /// this turn.</summary>
    private static ReadOnlyMemory<byte> MemoryOf(in ReadOnlySequence<byte> frame)
    {
        SequenceReader<byte> reader = new(frame);
        reader.Advance(sizeof(int));
        _ = reader.TryReadBigEndian(out int type);
        OpCode op = (OpCode)type;
        bool isKept = op.IsWrite || op == OpCode.Auth || type == WireType.Sasl;
        return frame.IsSingleSegment && !isKept ? frame.First : frame.ToArray();
    }

    /// <summary>Finds out whose a token is. That may take its provider a while: what is behind the token
    /// waits, and what is before it is answered meanwhile.</summary>
    /// <returns>Whether that is over.</returns>
    private bool TryProve()
    {
        WireRequest request = _token!.Value;
        if (request.Type == WireType.Sasl)
        {
            _token = null;
            TakeSasl(request);
            return true;
        }

        if (_proof is null)
        {
            _proof = IdentitiesOfAsync(request);
            _ = _proof.ContinueWith(
                _ => _signal.Set(),
                CancellationToken.None,
                TaskContinuationOptions.None,
                TaskScheduler.Default);
        }

        if (!_proof.IsCompletedSuccessfully)
        {
            return false; // it does not fail
        }

        IReadOnlyList<Identity>? added = _proof.Result;
        (_token, _proof) = (null, null);
        if (added is null)
        {
            AnswerInTurn(request.Xid, ErrorCode.AuthFailed, isLast: true);
        }
        else
        {
            Submit(new ClientRequest { Op = OpCode.Auth, Cxid = request.Xid, Identities = added });
        }

        _signal.Set(); // what waited behind it may be whole already
        return true;
    }

    /// <summary>One step of a SASL exchange. Source: ZooKeeper <c>ZooKeeperServer.processSasl</c>.</summary>
    private void TakeSasl(in WireRequest request)
    {
        _sasl ??= new DigestMd5Exchange(_port.Options.SaslUsers);
        if (!_sasl.TryStep((request.Token ?? default).Span, out byte[]? answer))
        {
            AnswerInTurn(request.Xid, ErrorCode.AuthFailed, isLast: true);
        }
        else if (_sasl.User is not { } user)
        {
            AnswerInTurn(request.Xid, ErrorCode.Ok, isLast: false, answer);
        }
        else
        {
            _sasl = null;
            Identity proved = new(SaslAuthenticationProvider.Name, user);
            Submit(
                new ClientRequest { Op = OpCode.Auth, Cxid = request.Xid, Identities = [proved] }, answer);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "A provider that fails refuses (its contract).")]
    private async Task<IReadOnlyList<Identity>?> IdentitiesOfAsync(WireRequest request)
    {
        if (request.Token is not { } token || request.Scheme is not { } scheme)
        {
            return null;
        }

        if (scheme == IpAuthenticationProvider.Name)
        {
            return [_identities[0]]; // whatever it says, it comes from where it comes from
        }

        try
        {
            return await _port.Loop.Authenticator.AuthenticateAsync(scheme, token, _context.ConnectionClosed)
                .AsTask().WaitAsync(s_proofTimeout, _port.TimeProvider, _context.ConnectionClosed)
                .ConfigureAwait(false);
        }
        catch (Exception)
        {
            return null;
        }
    }
}
