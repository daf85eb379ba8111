using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Zab.Authentication;
using Zab.Core.Access;
using Zab.Core.Requests;
using Zab.Sessions;
using Zab.Wire;

namespace Zab.Server.Connections;

/// <summary>One client on the wire.</summary>
/// <remarks>
/// <para>The one task of <see cref="RunAsync"/> reads, answers and writes. It waits in one place: for bytes,
/// or for the node's loop to have something for the client. Replies stand in the order of the requests, and
/// the event of a change before every reply that could reveal it.</para>
/// <para>A read behind which nothing of the client is under way is answered here, from the published state;
/// everything else goes through the loop. One flush for all that a turn of the task wrote.</para>
/// <para>Source: ZooKeeper <c>NIOServerCnxn</c>, <c>ZooKeeperServer.processConnectRequest</c>.</para>
/// </remarks>
internal sealed partial class ClientConnection : RemoteClient
{
    private const double DeadlineSecondsMax = 1e6;

    private static readonly TimeSpan s_timeToGo = TimeSpan.FromSeconds(5);

    private readonly ConnectionContext _context;
    private readonly ClientListener _port;
    private readonly PipeReader _input;
    private readonly PipeWriter _output;
    private readonly WakeSignal _signal;
    private List<ClientRequest> _batch = [];
    private ConnectionPhase _phase;
    private long _deadline;
    private bool _isLost;

    /// <summary>Makes it of a connection that was accepted.</summary>
    public ClientConnection(ConnectionContext context, IPEndPoint endPoint, ClientListener port)
    {
        _context = context;
        _port = port;
        _input = context.Transport.Input;
        _output = context.Transport.Output;
        _signal = new WakeSignal(_input);
        EndPoint = endPoint;
        EstablishedAt = port.TimeProvider.GetUtcNow();
        SetDeadline(port.Options.HandshakeTimeout);
        _identities = [new Identity(IpAuthenticationProvider.Name, endPoint.Address.ToString())];
    }

    /// <summary>The client's address.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>When it connected.</summary>
    public DateTimeOffset EstablishedAt { get; }

    /// <summary>What is counted of it.</summary>
    public ConnectionCounters Counts { get; } = new();

    /// <summary>Why the connection is closed.</summary>
    public string Reason { get; private set; } = "the client went away";

    private bool IsClosing => _phase == ConnectionPhase.Closing;

    /// <summary>Serves the client until it goes, or is cut off.</summary>
    public async Task RunAsync()
    {
        using CancellationTokenRegistration lost = _context.ConnectionClosed.Register(
            static state => ((ClientConnection)state!).OnLost(), this);
        try
        {
            while (!IsClosing)
            {
                await TurnAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            if (_phase != ConnectionPhase.Greeting)
            {
                await _port.Loop.LeaveAsync(this).ConfigureAwait(false);
            }

            _port.Counters.CountOutstanding(-_submitted);
            _port.Counters.CountOutstandingBytes(-_sentBytes);
            SetDeadline(s_timeToGo);
            await _output.CompleteAsync().ConfigureAwait(false);
            await _input.CompleteAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Cuts the connection off when it is time.</summary>
    /// <param name="now">The clock's timestamp.</param>
    public void CheckDeadline(long now)
    {
        long deadline = Volatile.Read(ref _deadline);
        if (deadline != 0 && now > deadline)
        {
            Abort(_phase == ConnectionPhase.Greeting ? "the client said nothing in time" : "it did not go");
        }
    }

    /// <summary>Cuts the connection off, whatever it does. From any thread.</summary>
    public void Abort(string reason) => _context.Abort(new ConnectionAbortedException(reason));

    private void SetDeadline(TimeSpan after) => Volatile.Write(
        ref _deadline,
        _port.TimeProvider.GetTimestamp()
            + (long)(Math.Min(after.TotalSeconds, DeadlineSecondsMax)
                * _port.TimeProvider.TimestampFrequency));

    private void OnLost()
    {
        Volatile.Write(ref _isLost, true);
        _signal.Set();
    }

    private void Close(string reason)
    {
        if (!IsClosing)
        {
            (_phase, Reason) = (ConnectionPhase.Closing, reason);
            SetDeadline(s_timeToGo);
        }
    }

    /// <summary>Waits, takes what came from both sides, and sends on what it led to.</summary>
    private async Task TurnAsync()
    {
        if (_phase == ConnectionPhase.Greeting || CanTake)
        {
            ReadResult read = await _input.ReadAsync().ConfigureAwait(false);
            _signal.Reset();
            TakeBytes(read.Buffer, out SequencePosition consumed, out SequencePosition examined);
            bool isOver = read.IsCompleted && examined.Equals(read.Buffer.End);
            _input.AdvanceTo(consumed, examined);
            if (isOver)
            {
                Close("the client went away");
            }
        }
        else
        {
            await _signal.WaitAsync().ConfigureAwait(false);
            _signal.Reset();
            TakeOutputs(_port.Loop.Published);
            if (Volatile.Read(ref _isLost))
            {
                Close("the connection was lost");
            }
        }

        if (_word is not null)
        {
            await AnswerWordAsync().ConfigureAwait(false);
        }

        await SendAsync().ConfigureAwait(false);
        if (_token is not null && TryProve())
        {
            await SendAsync().ConfigureAwait(false);
        }

        if (_isHeldBack)
        {
            _signal.Set();
        }
    }

    /// <summary>Hands the requests of the turn to the loop, and sends what was written for the
    /// client.</summary>
    private async Task SendAsync()
    {
        if (_batch.Count > 0)
        {
            List<ClientRequest> batch = _batch;
            _batch = [];
            await _port.Loop.AskAsync(this, batch, CancellationToken.None).ConfigureAwait(false);
        }

        if (_written > 0 || _receivedNow > 0)
        {
            _port.Counters.Count(_receivedNow, _written);
            Counts.Count(_receivedNow, _written);
            _receivedNow = 0;
        }

        if (_written > 0)
        {
            _written = 0;
            FlushResult flushed = await _output.FlushAsync().ConfigureAwait(false);
            if (flushed.IsCompleted)
            {
                Close("the client went away");
            }
        }
    }

    /// <summary>Takes what came from the client, up to what must wait.</summary>
    private void TakeBytes(
        ReadOnlySequence<byte> buffer, out SequencePosition consumed, out SequencePosition examined)
    {
        // The state is taken first: every event of a change that it shows is in the outputs by then.
        Published published = _port.Loop.Published;
        TakeOutputs(published);
        examined = buffer.Start;
        bool isIncomplete = _phase == ConnectionPhase.Greeting && !TryGreet(ref buffer, published);
        while (!isIncomplete && CanTake && _output.UnflushedBytes < UnsentBytesMax)
        {
            int bytesMax = _port.Loop.Limits.RequestBytesMax;
            FrameStatus status = FrameReader.TryRead(ref buffer, bytesMax, out ReadOnlySequence<byte> frame);
            if (status == FrameStatus.Refused)
            {
                Close($"a packet is longer than {bytesMax} bytes (jute.maxbuffer), or its length is none");
            }
            else if (status == FrameStatus.Complete)
            {
                Take(frame, published);
            }

            isIncomplete = status == FrameStatus.Incomplete;
        }

        // What must wait is not looked at: so no more than the buffer comes in meanwhile.
        (consumed, examined) = (buffer.Start, isIncomplete || IsClosing ? buffer.End : buffer.Start);
    }
}
