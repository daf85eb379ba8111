using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Sessions;
using Zab.Wire;

namespace Zab.Client.Connections;

/// <content>One connection: a writer, a reader, and a watchman over both.</content>
internal sealed partial class ClientHost
{
    private const int FlushBytes = 64 * 1024;
    private const int TicksPerTimeout = 12;
    private const int PingTicks = 3;
    private const int SilenceTicks = 8;

    private readonly JuteWriter _frame = new(1024);

    /// <summary>Serves the session over a connection until it is lost, or the session is closed.</summary>
    [SuppressMessage("Reliability", "CA2025",
        Justification = "The tasks have ended before anything is disposed.")]
    private async Task ServeAsync(ServerLink link)
    {
        using CancellationTokenSource down = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        using SemaphoreSlim room = new(_options.RequestsInFlightMax);
        Task[] tasks =
        [
            WriteAsync(link, room, down.Token),
            ReadAsync(link, room, down.Token),
            KeepAsync(link, down.Token),
        ];
        Task first = await Task.WhenAny(tasks).ConfigureAwait(false);
        await down.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        Exception? cause = first.Exception?.InnerException;
        _lastFailure = cause ?? _lastFailure;
        _session.OnServing(isServing: false);
        _book.OnLost(mayAskAgain: cause is not InvalidDataException, NowMs, cause);
        _stop.Token.ThrowIfCancellationRequested();
        if (_book.IsClosed)
        {
            return;
        }

        if (cause is not (null or IOException or SocketException or InvalidDataException or TimeoutException))
        {
            await first.ConfigureAwait(false); // a bug: it ends the session
        }

        ClientLog.Lost(_logger, _session.Id, link.Server, cause?.Message ?? "");
    }

    /// <summary>Writes what the server must be told first, then what was under way before, then what comes.
    /// Flushes once for all that is there.</summary>
    private async Task WriteAsync(ServerLink link, SemaphoreSlim room, CancellationToken down)
    {
        foreach (Sent first in _book.BeginConnection())
        {
            Write(link, first.Xid, first.Request);
        }

        while (_book.TryTakeAgain(out Call? again))
        {
            await room.WaitAsync(down).ConfigureAwait(false);
            Ask(link, room, again!);
        }

        do
        {
            while (true)
            {
                if (link.UnflushedBytes >= FlushBytes || room.CurrentCount == 0)
                {
                    await link.FlushAsync(down).ConfigureAwait(false);
                }

                await room.WaitAsync(down).ConfigureAwait(false);
                if (!_calls.Reader.TryRead(out Call? call))
                {
                    _ = room.Release();
                    break;
                }

                Ask(link, room, call);
            }

            await link.FlushAsync(down).ConfigureAwait(false);
        }
        while (await _calls.Reader.WaitToReadAsync(down).ConfigureAwait(false));
    }

    /// <summary>Writes a call, for which there is room, or a ping, which needs none.</summary>
    private void Ask(ServerLink link, SemaphoreSlim room, Call? call)
    {
        if (call is null)
        {
            _frame.Clear();
            RequestFormat.WritePing(_frame);
            link.Write(_frame.Written.Span);
            _ = room.Release();
        }
        else if (!TryAsk(link, call))
        {
            _ = room.Release();
        }
    }

    private bool TryAsk(ServerLink link, Call call)
    {
        if (call.Task.IsCompleted)
        {
            _session.OnCallEnded(); // its caller gave up before anything was sent
            return false;
        }

        ClientRequest request = _chroot.Outward(call.Request);
        int xid = request.Op == OpCode.Auth ? WireXid.Auth : _book.NextXid();
        Encode(xid, request);
        if (_frame.Length > _options.RequestBytesMax)
        {
            SessionBook.Fail(call, new RequestTooLargeException(
                call.Request.Path, _frame.Length, _options.RequestBytesMax));
            return false;
        }

        if (!_book.TryBegin(call, xid, request))
        {
            return false;
        }

        link.Write(_frame.Written.Span);
        return true;
    }

    private void Write(ServerLink link, int xid, in ClientRequest request)
    {
        Encode(xid, request);
        link.Write(_frame.Written.Span);
    }

    private void Encode(int xid, in ClientRequest request)
    {
        _frame.Clear();
        if (request.Op == OpCode.Auth)
        {
            RequestFormat.WriteAuth(_frame, request.Path, request.Data);
        }
        else
        {
            RequestFormat.Write(_frame, xid, request);
        }
    }

    private async Task ReadAsync(ServerLink link, SemaphoreSlim room, CancellationToken down)
    {
        while (!_book.IsClosed)
        {
            if (_book.OnPacket(await link.ReadAsync(down).ConfigureAwait(false)))
            {
                _ = room.Release();
            }
        }
    }

    /// <summary>Says something when nothing was said for a third of the session's time-out, and gives the
    /// server up when it was not heard of for two thirds: the rest is for finding another one.</summary>
    private async Task KeepAsync(ServerLink link, CancellationToken down)
    {
        using PeriodicTimer timer = new(_session.Timeout / TicksPerTimeout, TimeProvider);
        (long heard, long said, int silent, int idle) = (0, 0, 0, 0);
        while (await timer.WaitForNextTickAsync(down).ConfigureAwait(false))
        {
            (silent, heard) = (link.ReadCount == heard ? silent + 1 : 0, link.ReadCount);
            (idle, said) = (link.FlushCount == said ? idle + 1 : 0, link.FlushCount);
            if (silent >= SilenceTicks)
            {
                throw new TimeoutException("The server was not heard of for two thirds of the time-out.");
            }

            if (idle >= PingTicks)
            {
                _ = _calls.Writer.TryWrite(null); // no room: then there is enough to be said
            }
        }
    }
}
