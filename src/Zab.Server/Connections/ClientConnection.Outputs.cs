using System.Buffers;
using System.Buffers.Binary;
using Zab.Core;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Sessions;
using Zab.Wire;

namespace Zab.Server.Connections;

/// <content>What the client is told.</content>
internal sealed partial class ClientConnection
{
    private const int WriterBytesKept = 64 * 1024;
    private const int UnsentBytesMax = 256 * 1024;

    [ThreadStatic]
    private static JuteWriter? t_writer;

    private readonly Lock _lock = new();
    private readonly Queue<SentRequest> _sent = new();
    private readonly Queue<ClientOutput> _ready = new();
    private List<ClientOutput>? _incoming;
    private Zxid _lastTold; // never beyond an event that the client has not got: it resumes from there
    private bool _isEnded;
    private bool _isHeldBack;
    private int _written;

    /// <summary>The session's time-out, in milliseconds; 0 before there is one.</summary>
    public int SessionTimeoutMs { get; private set; }

    /// <summary>How many requests are not answered.</summary>
    public int Outstanding => Volatile.Read(ref _submitted);

    private int OutputsMax => (int)Math.Min(
        int.MaxValue, _port.Loop.Limits.SessionWatchesMax + (2L * _port.Loop.Limits.SessionRequestsMax));

    /// <inheritdoc/>
    public override void Add(in ClientOutput output)
    {
        lock (_lock)
        {
            _incoming ??= [];
            if (_incoming.Count < OutputsMax)
            {
                _incoming.Add(output);
                return;
            }
        }

        // What it has not got it never will: it goes on with a new connection, and sets its watches again.
        Abort("the client does not read what it is sent");
    }

    /// <inheritdoc/>
    public override void Wake() => _signal.Set();

    /// <inheritdoc/>
    public override void End()
    {
        SetDeadline(s_timeToGo);
        Volatile.Write(ref _isEnded, true);
        _signal.Set();
    }

    /// <summary>Writes what the loop has for the client, as far as it may be shown.</summary>
    private void TakeOutputs(Published published)
    {
        bool isEnded = Volatile.Read(ref _isEnded);
        bool isAhead = false;
        _isHeldBack = false;
        while (!IsClosing && TryPeek(out ClientOutput next))
        {
            if (next.At > published.State.LastZxid)
            {
                isAhead = true; // the state that it shows is published in a moment, and then it is woken
                break;
            }

            if (_output.UnflushedBytes >= UnsentBytesMax)
            {
                _isHeldBack = true; // until that has been sent
                return;
            }

            _ = _ready.Dequeue();
            if (next.Event is { } fired)
            {
                JuteWriter writer = TakeWriter();
                EventFormat.Write(writer, fired);
                WriteFrame(writer);
            }
            else if (next.Reply is { } reply)
            {
                Answer(reply, published);
            }
            else
            {
                Close(next.Moved ? "another client goes on with the session" : "the session is over");
            }
        }

        // What its end came with is told first; a server that does not serve publishes no more.
        if (isEnded && !IsClosing && !(isAhead && published.IsServing))
        {
            Close("the server does not serve any more, or another client goes on with the session");
        }
    }

    /// <summary>The oldest output that is not written. What came in since is taken over when those before it
    /// are, so what waits is counted in one place.</summary>
    private bool TryPeek(out ClientOutput next)
    {
        if (_ready.Count == 0)
        {
            lock (_lock)
            {
                foreach (ClientOutput output in _incoming ?? [])
                {
                    _ready.Enqueue(output);
                }

                _incoming = null;
            }
        }

        return _ready.TryPeek(out next);
    }

    private void Answer(in ClientReply reply, Published published)
    {
        SentRequest sent = _sent.Dequeue();
        _sentBytes -= sent.Bytes;
        _port.Counters.CountOutstandingBytes(-sent.Bytes);
        _submitted--;
        _port.Counters.CountOutstanding(-1);
        if (_phase == ConnectionPhase.Opening)
        {
            OnOpened(reply, published);
            return;
        }

        Invariant.Holds(sent.Cxid == reply.Cxid);
        TimeSpan took = _port.TimeProvider.GetElapsedTime(sent.StartedAt);
        _port.Counters.CountAnswer((long)took.TotalMilliseconds);
        ClientRequest request = sent.Request;
        Counts.CountAnswer(request.Op, request.Cxid, reply.Zxid, (long)took.TotalMilliseconds);
        if (reply.Error is ErrorCode.ConnectionLoss or ErrorCode.SessionMoved)
        {
            Close($"a request came to nothing: {reply.Error}");
        }
        else if (request.Op == OpCode.Auth)
        {
            _identities = reply.Identities ?? _identities;
            WriteHeader(sent.Xid, Zxid.None, reply.Error, sent.Token);
            if (reply.Error != ErrorCode.Ok)
            {
                Close("the client is too many, or nobody");
            }
        }
        else
        {
            WriteReply(request, Listed(request, reply));
        }

        if (request.Op is OpCode.SetWatches or OpCode.SetWatches2 && reply.Error != ErrorCode.Ok)
        {
            Close("its watches are too many here"); // clients do not look, and would wait for events in vain
        }

        if (request.Op == OpCode.CloseSession && reply.Error != ErrorCode.ThrottledOp)
        {
            Close("the client closed its session");
        }

        AnswerOwn();
    }

    /// <summary>Gives the answers of this place whose turn has come.</summary>
    private void AnswerOwn()
    {
        while (!IsClosing && _sent.TryPeek(out SentRequest own) && own.IsOwn)
        {
            _ = _sent.Dequeue();
            WriteHeader(own.Xid, own.Token is null ? _lastTold : Zxid.None, own.Error, own.Token);
            if (own.IsLast)
            {
                Close($"a request was refused: {own.Error}");
            }
        }
    }

    /// <summary>Makes the list that a read asked for: here, so that it costs the node's loop nothing, and
    /// now, so that one alone is in memory, however many wait to be sent.</summary>
    private ClientReply Listed(in ClientRequest request, in ClientReply reply) => reply.State is null
        ? reply
        : ReadProcessor.WithList(
            request with { Session = Session, Identities = _identities },
            reply,
            _port.Loop.Authenticator.Rules);

    private static JuteWriter TakeWriter()
    {
        if (t_writer is not { Capacity: <= WriterBytesKept } writer)
        {
            t_writer = writer = new JuteWriter(1024);
        }

        writer.Clear();
        return writer;
    }

    private void WriteHeader(int xid, Zxid zxid, ErrorCode error, byte[]? token = null)
    {
        JuteWriter writer = TakeWriter();
        ReplyFormat.WriteHeader(writer, xid, zxid, error);
        if (token is not null)
        {
            writer.WriteBuffer(token.AsSpan());
        }

        WriteFrame(writer);
    }

    private void WriteReply(in ClientRequest request, in ClientReply reply)
    {
        _lastTold = reply.Zxid > _lastTold ? reply.Zxid : _lastTold;
        JuteWriter writer = TakeWriter();
        ReplyFormat.Write(writer, request, reply);
        WriteFrame(writer);
    }

    /// <summary>Puts what was written behind its length on the way out.</summary>
    private void WriteFrame(JuteWriter writer)
    {
        ReadOnlySpan<byte> body = writer.Written.Span;
        BinaryPrimitives.WriteInt32BigEndian(_output.GetSpan(sizeof(int)), body.Length);
        _output.Advance(sizeof(int));
        _output.Write(body);
        _written++;
    }
}
