using Zab.Core;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Sessions;
using Zab.Core.Tree;

namespace Zab.Sessions;

/// <content>Clients that are not in this process. While the node does not serve they are not kept waiting,
/// but cut off: they find a server that does.</content>
internal sealed partial class ClientGate
{
    private readonly Dictionary<SessionId, RemoteClient> _remotes = [];
    private readonly List<RemoteClient> _toWake = [];

    /// <summary>Takes requests of a remote client, in their order. Their cxids rise; the number of a move is
    /// given here.</summary>
    public void AskRemotely(RemoteClient client, IReadOnlyList<ClientRequest> requests)
    {
        for (int i = 0; i < requests.Count; i++)
        {
            ClientRequest request = requests[i];
            if (request.Op == OpCode.MoveSession && replica.Status.IsServing && IsWrong(request))
            {
                Refuse(client, request);
            }
            else if (!replica.Status.IsServing || !TryAttach(client, ref request))
            {
                client.End();
                Leave(client); // nothing behind what was not taken may be taken
                return;
            }
            else
            {
                submit(request with { Session = client.Session, MustBeHeard = true });
            }
        }
    }

    /// <summary>A remote client is gone. Its session lives on for its time-out, unless it is over.</summary>
    public void Leave(RemoteClient client)
    {
        if (_remotes.TryGetValue(client.Session, out RemoteClient? attached) && attached == client)
        {
            _ = _remotes.Remove(client.Session);
            replica.Detach(client.Session);
        }
    }

    /// <summary>Tells the replica which remote clients have shown that they live.</summary>
    private void PassOnSignsOfLife()
    {
        foreach ((SessionId session, RemoteClient client) in _remotes)
        {
            if (client.TakeHeard())
            {
                replica.Hear(session);
            }
        }
    }

    private bool IsWrong(in ClientRequest move) => !replica.Committed.Secret.IsEmpty
        && !SessionPassword.IsRight(replica.Committed.Secret.Span, move.Session, move.Password.Span);

    /// <summary>Answers a move with a wrong password: whoever has the session is not troubled.</summary>
    private static void Refuse(RemoteClient client, in ClientRequest move)
    {
        client.Add(new ClientOutput(move.Session, reply: new ClientReply
        {
            Session = move.Session,
            Cxid = move.Cxid,
            Error = ErrorCode.AuthFailed,
        }));
        client.Wake();
    }

    /// <summary>Gives a client its session with the request that opens it, in the place of whoever had it
    /// before.</summary>
    /// <returns>Whether the client has a session here.</returns>
    private bool TryAttach(RemoteClient client, ref ClientRequest request)
    {
        if (!request.Op.OpensSession)
        {
            return _remotes.TryGetValue(client.Session, out RemoteClient? attached) && attached == client;
        }

        Invariant.Holds(client.Session == SessionId.None);
        if (request.Op == OpCode.MoveSession && replica.Committed.Secret.IsEmpty)
        {
            return false; // this server has not seen the first session yet: another one may know this one
        }

        if (request.Op == OpCode.CreateSession)
        {
            client.Session = NewId();
        }
        else
        {
            EndOlder(request.Session);
            client.Session = request.Session;
            client.MoveCxid = NextMove();
            request = request with { Cxid = client.MoveCxid.Value };
        }

        _remotes.Add(client.Session, client);
        return true;
    }

    /// <summary>Ends whoever has a session here, as another client goes on with it.</summary>
    private void EndOlder(SessionId session)
    {
        if (_attached.TryGetValue(session, out ZabSession? local))
        {
            _ = _attached.Remove(session);
            FailInFlight(local, path => ConnectionLossException.OutcomeUnknown(path));
            local.End(ZabSessionState.Moved, new SessionMovedException(""));
        }

        if (_remotes.Remove(session, out RemoteClient? remote))
        {
            remote.End();
        }
    }

    /// <summary>Gives a remote client what is for it.</summary>
    private void Pass(RemoteClient client, in ClientOutput output)
    {
        if (client.MoveCxid is { } move)
        {
            if (output.Reply?.Cxid != move)
            {
                return; // for whoever had the session before
            }

            client.MoveCxid = null;
        }

        client.Add(output);
        _toWake.Add(client);
        if (output.Expired || output.Moved)
        {
            client.End(); // it gets no more time than it takes to send what is there
        }
    }

    private void WakeRemotes()
    {
        foreach (RemoteClient client in _toWake)
        {
            client.Wake();
        }

        _toWake.Clear();
    }

    /// <summary>Cuts every remote client off.</summary>
    private void EndRemotes()
    {
        foreach ((SessionId session, RemoteClient client) in _remotes)
        {
            client.End();
            replica.Detach(session);
        }

        _remotes.Clear();
    }
}
