using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Core.Watches;
using Zab.Sessions;
using Zab.Wire;

namespace Zab.Client.Connections;

/// <content>What comes from the server.</content>
internal sealed partial class SessionBook
{
    /// <summary>A packet came.</summary>
    /// <param name="frame">Its bytes, which are given away.</param>
    /// <returns>Whether a call was answered by it.</returns>
    /// <exception cref="InvalidDataException">It is malformed, or answers nothing that was asked.</exception>
    /// <exception cref="IOException">The server does not take the watches of the session: without them it
    /// would wait for events in vain, so it must go to another one.</exception>
    public bool OnPacket(byte[] frame)
    {
        if (!ReplyHeader.TryRead(frame, out ReplyHeader header))
        {
            throw new InvalidDataException("A packet of the server has no header.");
        }

        switch (header.Xid)
        {
            case EventFormat.Xid:
                OnEvent(frame);
                return false;
            case WireXid.Ping:
                return false;
            default:
                return OnAnswer(frame, header);
        }
    }

    private void OnEvent(byte[] frame)
    {
        if (!EventFormat.TryRead(frame, out WatchEvent fired))
        {
            throw new InvalidDataException("An event of the server is malformed.");
        }

        lock (_lock)
        {
            session.Watches.Dispatch(chroot.Inward(fired));
        }
    }

    private bool OnAnswer(byte[] frame, ReplyHeader header)
    {
        Sent sent;
        ClientReply reply;
        lock (_lock)
        {
            Queue<Sent> queue = header.Xid == WireXid.Auth ? _authsSent : _sent;
            if (!queue.TryPeek(out sent) || sent.Xid != header.Xid)
            {
                throw new InvalidDataException($"The server answers {header.Xid}, which is not its turn.");
            }

            if (!ReplyFormat.TryRead(frame, sent.Request, out reply))
            {
                throw new InvalidDataException($"The answer to a {sent.Request.Op} is malformed.");
            }

            _ = queue.Dequeue();
            if (header.Xid != WireXid.Auth && header.Zxid > Seen)
            {
                Volatile.Write(ref _seen, header.Zxid.Value);
            }

            Note(sent, reply);
        }

        if (sent.Call is { } call)
        {
            RefusedInARow = 0;
            End(call, chroot.Inward(call.Request.Op, Listing.Arrange(call.Request, reply)));
        }

        return sent.Call is not null;
    }

    private void Note(in Sent sent, in ClientReply reply)
    {
        OpCode op = sent.Request.Op;
        if (op == OpCode.Auth)
        {
            NoteCredential(sent, isProof: reply.Error == ErrorCode.Ok);
        }
        else if (op == OpCode.SetWatches2 && reply.Error == ErrorCode.Unimplemented)
        {
            EndLasting();
        }
        else if (op is OpCode.SetWatches or OpCode.SetWatches2 && reply.Error != ErrorCode.Ok)
        {
            RefusedInARow++;
            throw new IOException($"The server does not take the watches of the session: {reply.Error}.");
        }
        else if (op == OpCode.RemoveWatches && reply.Error == ErrorCode.MarshallingError)
        {
            RemoveAny(sent.Request);
        }
        else if (op != OpCode.RemoveWatches)
        {
            NoteWatch(sent, reply);
        }
    }

    private void NoteCredential(in Sent sent, bool isProof)
    {
        string scheme = sent.Request.Path;
        ReadOnlyMemory<byte> token = sent.Request.Data ?? default;
        bool isKnown = _credentials.Exists(known => known.IsSameAs(scheme, token.Span));
        if (isProof && !isKnown)
        {
            _credentials.Add(new Credential(scheme, token));
        }
        else if (!isProof && sent.Call is null)
        {
            ClientLog.CredentialRefused(logger, session.Id, scheme);
            _ = _credentials.RemoveAll(known => known.IsSameAs(scheme, token.Span));
        }
    }

    /// <summary>From the answer on, events are for the watch that the request left.</summary>
    private void NoteWatch(in Sent sent, in ClientReply reply)
    {
        if (sent.Call is not { Watch: { } watch } call)
        {
            return;
        }

        watch.AwaitsCreation = reply.Error == ErrorCode.NoNode && call.Request.Op == OpCode.Exists;
        watch.IsActive = reply.Error == ErrorCode.Ok || watch.AwaitsCreation;
        if (!watch.IsActive)
        {
            ForgetWatch(call);
        }
    }

    /// <summary>A server older than ZooKeeper 3.6 knows no watches that stay, and closes the connection. They
    /// end, so that the session can come back without them.</summary>
    private void EndLasting()
    {
        foreach (LocalWatch watch in session.Watches.All.Where(watch => !watch.IsOneShot).ToList())
        {
            _ = session.Watches.Remove(watch);
            watch.End(ZabException.Of(ErrorCode.Unimplemented, watch.Path));
        }
    }

    /// <summary>A server older than ZooKeeper 3.9 removes watches that stay only with all others of the
    /// session on the path. If there are others, they stay, and events for nobody are dropped.</summary>
    private void RemoveAny(in ClientRequest refused)
    {
        ClientRequest request = refused with { Path = chroot.Inward(refused.Path), WatchMode = null };
        if (refused.WatchMode is not null && !session.Watches.AreOn(request.Path))
        {
            PostUnwatched(new Call(session, request));
        }
    }

    private void End(Call call, in ClientReply reply)
    {
        session.OnCallEnded();
        bool isDone = reply.Error == ErrorCode.Ok;
        if (call.Request.Op == OpCode.CloseSession && isDone)
        {
            IsClosed = true;
            End(ZabSessionState.Closed, watchError: null);
        }

        if (!call.TrySetResult(reply) && isDone && call is { Request.Op: OpCode.AddWatch, Watch: { } watch })
        {
            // Its caller gave up: nobody else would remove it.
            ClientRequest undo = call.Request with { Op = OpCode.RemoveWatches };
            if (!PostUnwatched(new Call(session, undo, watch)))
            {
                lock (_lock)
                {
                    _ = session.Watches.Remove(watch);
                }
            }
        }
    }

    /// <summary>Hands in a call that nobody waits for.</summary>
    private bool PostUnwatched(Call call)
    {
        session.OnCallBegun();
        _ = call.Task.ContinueWith(
            static task => task.Exception, // so it is seen
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        if (post(call))
        {
            return true;
        }

        session.OnCallEnded();
        return false;
    }
}
