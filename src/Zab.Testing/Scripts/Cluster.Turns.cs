using Zab.Core;
using Zab.Core.Messages;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;

namespace Zab.Testing.Scripts;

/// <content>What a host would do: carry out a turn, carry messages, and be a client.</content>
internal sealed partial class Cluster
{
    /// <summary>Opens a session on a server; its requests are then made by <see cref="Submit"/>.</summary>
    public void OpenSession(int id, int timeoutMs)
    {
        Replica replica = Require(id);
        SessionId session = replica.NewSessionId();
        _sessions[id] = (session, 0);
        Ask(id, new ClientRequest { Op = OpCode.CreateSession, Session = session, TimeoutMs = timeoutMs });
    }

    /// <summary>Whether a session was opened on the server since it started.</summary>
    public bool HasSession(int id) => _sessions.ContainsKey(id);

    /// <summary>Makes a request in the session of a server.</summary>
    public void Submit(int id, ClientRequest request)
    {
        if (!_sessions.TryGetValue(id, out (SessionId Session, int LastCxid) session))
        {
            throw new InvalidOperationException(
                $"There is no session on server {id}: say 'session {id}' first.");
        }

        _sessions[id] = session with { LastCxid = session.LastCxid + 1 };
        Ask(id, request with { Session = session.Session, Cxid = session.LastCxid + 1 });
    }

    /// <summary>Makes a request of any session through a server.</summary>
    public void Ask(int id, ClientRequest request)
    {
        Replica replica = Require(id);
        _asked[(request.Session, request.Cxid)] = request;
        replica.BeginTurn(_tick * ScriptedServer.TickMs);
        replica.Submit(request);
        EndTurn(_servers[id]);
    }

    private Replica Require(int id) =>
        _servers[id].Replica ?? throw new InvalidOperationException($"Server {id} does not run.");

    /// <summary>Carries out what a replica wants at the end of its turn.</summary>
    private void EndTurn(ScriptedServer server)
    {
        Invariant.Holds(server.Replica is not null);
        Ready ready = server.Replica.TakeReady();
        Send(server, ready.SendNow);
        Send(server, server.TakeWrites(ready));
        _trace.Roles(server.Id, ready.Status);
        foreach (ClientOutput output in ready.ToClients)
        {
            OnClientOutput(server, output);
        }

        foreach (LinkBreak wish in ready.Break)
        {
            BreakLink(server.Id, wish.Link, wish.Reason);
        }

        foreach (ServerId peer in ready.Connect)
        {
            Connect(server, peer);
        }

        if (ready.Snapshot is { } job)
        {
            server.Save(job);
            _trace.Add($"{server.Id} saves a snapshot at {job.Position.Zxid}");
            server.Replica.OnSnapshotSaved(job.Position);
        }
    }

    private void Send(ScriptedServer server, IEnumerable<Envelope> envelopes)
    {
        foreach (Envelope envelope in envelopes)
        {
            if (_network.TrySend(server.Id, envelope))
            {
                _trace.Sent(server.Id, envelope);
            }
        }
    }

    private bool DeliverNext(int to, int? from)
    {
        foreach (((int From, int To, LinkKind) wire, ScriptedNetwork.Wire ends) in _network.Wires)
        {
            if (wire.To == to && (from is null || wire.From == from)
                && ends.UnderWay.TryDequeue(out Message message))
            {
                Replica replica = Require(to);
                replica.BeginTurn(_tick * ScriptedServer.TickMs);
                replica.OnMessage(ends.ReceiverLink, message);
                EndTurn(_servers[to]);
                return true;
            }
        }

        return false;
    }

    private void Connect(ScriptedServer server, ServerId peer)
    {
        ScriptedServer other = _servers[peer.Value];
        if (other.Replica is null || !_network.CanReach(server.Id, peer))
        {
            server.Replica!.OnConnectFailed(peer, "it does not answer");
            EndTurn(server);
            return;
        }

        foreach (((int From, int To, LinkKind Kind) wire, ScriptedNetwork.Wire ends)
            in _network.Wires.ToArray())
        {
            if (wire == (server.Id.Value, peer.Value, LinkKind.Quorum))
            {
                BreakLink(server.Id, ends.SenderLink, "a newer link replaces it");
            }
        }

        LinkUp(server, other, LinkKind.Quorum);
    }

    private void ConnectElectionLinks()
    {
        foreach (ScriptedServer a in Running().ToArray())
        {
            foreach (ScriptedServer b in Running().ToArray())
            {
                if (a.Id.Value < b.Id.Value && _network.CanReach(a.Id, b.Id)
                    && !_network.IsUp(a.Id, b.Id, LinkKind.Election))
                {
                    LinkUp(a, b, LinkKind.Election);
                }
            }
        }
    }

    private void LinkUp(ScriptedServer a, ScriptedServer b, LinkKind kind)
    {
        (Link atA, Link atB) = _network.Connect(a.Id, b.Id, kind);
        a.Replica!.OnLinkUp(atA);
        EndTurn(a);
        b.Replica!.OnLinkUp(atB);
        EndTurn(b);
    }

    private void BreakLink(ServerId from, Link link, string reason)
    {
        if (_network.Disconnect(from, link) is not { } ends)
        {
            return;
        }

        foreach ((ServerId at, Link end) in new[] { (from, ends.AtFrom), (link.Peer, ends.AtPeer) })
        {
            if (_servers[at.Value].Replica is { } replica)
            {
                replica.OnLinkDown(end, reason);
                EndTurn(_servers[at.Value]);
            }
        }
    }

    private void OnClientOutput(ScriptedServer server, in ClientOutput output)
    {
        if (output.Reply is { } reply)
        {
            ClientRequest request = _asked[(reply.Session, reply.Cxid)];
            _replies.Add((reply.Session, reply.Cxid, reply));
            if (reply.Error == ErrorCode.Ok && request.Op.IsWrite)
            {
                _checks.OnAcked(reply.Zxid);
            }
        }

        _trace.Client(server.Id, output, output.Reply is { } r ? _asked[(r.Session, r.Cxid)] : null);
    }
}
