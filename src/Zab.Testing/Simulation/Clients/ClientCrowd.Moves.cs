using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;

namespace Zab.Testing.Simulation.Clients;

/// <content>Clients that go on with their sessions at other servers.</content>
internal sealed partial class ClientCrowd
{
    /// <summary>A client leaves its server for another one, or for the same, or only pretends to; or somebody
    /// else wants its session.</summary>
    private void Wander(SimulatedClient client)
    {
        if (_prng.OneIn(4) && FindServer() is { } server)
        {
            byte[] wrong = client.Password.ToArray();
            wrong[_prng.Below(wrong.Length)] ^= 1;
            _world.Ask(server, new ClientRequest
            {
                Op = OpCode.MoveSession,
                Session = client.Session,
                Cxid = StrangerCxid,
                Password = wrong,
            });
            return;
        }

        SimulatedServer old = client.Server!;
        client.LoseServer();
        if (_prng.OneIn(2) && old.IsUp)
        {
            _world.Detach(old, client.Session);
        }
        else
        {
            NoticeLater(client, old);
        }

        if (_prng.OneIn(2))
        {
            GoOn(client);
        }
    }

    /// <summary>Goes on with the session at some server.</summary>
    private void GoOn(SimulatedClient client)
    {
        if (FindServer() is not { } server)
        {
            return;
        }

        client.Server = server;
        ClientRequest move = new()
        {
            Op = OpCode.MoveSession,
            Session = client.Session,
            Cxid = MoveCxid,
            Password = client.Password,
            Identities = [.. client.Identities],
            AnsweredUpTo = client.IsKept ? 0 : null,
            MustBeHeard = client.IsRemote,
        };
        client.Waiting.Enqueue((move, _world.NowUs));
        _world.Ask(server, move);
    }

    /// <summary>The session goes on here, or it does not; then another server is tried, while it
    /// lives.</summary>
    private void OnMoved(SimulatedClient client, in ClientReply reply)
    {
        _ = client.Waiting.Dequeue();
        if (reply.Error == ErrorCode.SessionExpired)
        {
            Leave(client);
            return;
        }

        if (reply.Error != ErrorCode.Ok)
        {
            client.LoseServer();
            return;
        }

        client.IsOpen = true;
        _world.PlanClient(0, (Action)(() => AskAgain(client)));
    }

    /// <summary>A client is back, and asks again what has no answer; then it brings its watches.</summary>
    private void AskAgain(SimulatedClient client)
    {
        if (!client.IsOpen)
        {
            return; // it has lost its server once more
        }

        ClientRequest[] again = [.. client.Again];
        client.Again.Clear();
        foreach (ClientRequest request in again)
        {
            if (client.Server is null)
            {
                client.Again.Add(request); // the answer to one before came at once, and was bad
                continue;
            }

            client.IsOpen &= request.Op != OpCode.CloseSession;
            Submit(client, request);
        }

        if (client.CanAsk && _prng.OneIn(2))
        {
            Ask(client, client.Workload.SetWatches(_prng));
        }
    }

    private void LoseAndDetach(SimulatedClient client)
    {
        SimulatedServer server = client.Server!;
        SessionId session = client.Session;
        client.LoseServer();
        PlanDetach(client, server, session, delayUs: 0);
    }

    /// <summary>A server notices after a while that a client is not there any more.</summary>
    private void NoticeLater(SimulatedClient client, SimulatedServer server) =>
        PlanDetach(client, server, client.Session, _world.Between((100_000, 5_000_000)));

    private void PlanDetach(
        SimulatedClient client, SimulatedServer server, SessionId session, long delayUs) =>
        _world.PlanWork(server, delayUs, () =>
        {
            if (client.Session != session || client.Server != server)
            {
                _world.DetachInTurn(server, session); // otherwise it is back already
            }
        });
}
