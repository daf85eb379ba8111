using System.Buffers;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Sessions;
using Zab.Core.Tree;
using Zab.Server.Words;
using Zab.Sessions;
using Zab.Wire;

namespace Zab.Server.Connections;

/// <content>The first packet, and the session that it asks for.</content>
internal sealed partial class ClientConnection
{
    private const int GreetingBytesMax = 8 * 1024;

    private string? _word;
    private bool? _readOnly;

    /// <summary>Takes the first packet: a word of four letters, or a request for a session.</summary>
    /// <returns>Whether it was there, whole.</returns>
    private bool TryGreet(ref ReadOnlySequence<byte> buffer, Published published)
    {
        SequenceReader<byte> reader = new(buffer);
        if (!reader.TryReadBigEndian(out int first))
        {
            return false;
        }

        if (FourLetterWords.Find(first) is { } word)
        {
            _word = word;
            _port.Counters.Count(received: 1, sent: 0);
            Counts.Count(received: 1, sent: 0);
            buffer = buffer.Slice(buffer.End);
            return true;
        }

        FrameStatus status =
            FrameReader.TryRead(ref buffer, GreetingBytesMax, out ReadOnlySequence<byte> frame);
        if (status == FrameStatus.Incomplete)
        {
            return false;
        }

        _receivedNow++;
        if (status == FrameStatus.Refused
            || !ConnectRequest.TryRead(frame.ToArray(), out ConnectRequest greeting))
        {
            Close("the first packet is no request for a session");
            return true;
        }

        Greet(greeting, published);
        return true;
    }

    private void Greet(in ConnectRequest greeting, Published published)
    {
        if (!published.IsServing)
        {
            Close("the server does not serve");
            return;
        }

        if (greeting.Seen > published.State.LastZxid)
        {
            Close(
                $"the client has seen {greeting.Seen}, and the server has only {published.State.LastZxid}: "
                + "it must ask another server");
            return;
        }

        Volatile.Write(ref _deadline, 0);
        _phase = ConnectionPhase.Opening;
        _readOnly = greeting.ReadOnly is null ? null : false;
        bool isNew = greeting.Session == SessionId.None;
        Submit(new ClientRequest
        {
            Op = isNew ? OpCode.CreateSession : OpCode.MoveSession,
            Session = greeting.Session,
            TimeoutMs = Math.Max(0, greeting.TimeoutMs),
            Password = greeting.Password ?? default,
            Identities = _identities,
        });
    }

    /// <summary>The session is there, or there will be none.</summary>
    private void OnOpened(in ClientReply reply, Published published)
    {
        if (reply.Error == ErrorCode.Ok)
        {
            byte[] password = SessionPassword.Of(published.State.Secret.Span, Session);
            WriteOpened(new ConnectResponse(reply.TimeoutMs, Session, password, _readOnly));
            SessionTimeoutMs = reply.TimeoutMs;
            _lastCxid = reply.Count;
            _phase = ConnectionPhase.Serving;
        }
        else if (reply.Error is ErrorCode.SessionExpired or ErrorCode.UnknownSession or ErrorCode.AuthFailed)
        {
            WriteOpened(ConnectResponse.Expired(_readOnly));
            Close("the session is over, or the password is not its own");
        }
        else
        {
            Close($"the session could not be opened: {reply.Error}");
        }
    }

    private void WriteOpened(in ConnectResponse response)
    {
        JuteWriter writer = TakeWriter();
        response.Write(writer);
        WriteFrame(writer);
    }

    private async Task AnswerWordAsync()
    {
        await _port.Words.AnswerAsync(_word!, _output, _port.Stopping).ConfigureAwait(false);
        Close($"the answer to {_word} is given");
        _word = null;
    }
}
