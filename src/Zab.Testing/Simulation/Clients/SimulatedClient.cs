using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Requests;

namespace Zab.Testing.Simulation.Clients;

/// <summary>A client of the ensemble: it has one session at a time, at one server, or on its way from one to
/// another.</summary>
internal sealed class SimulatedClient(Workload workload)
{
    /// <summary>What it asks for.</summary>
    public Workload Workload => workload;

    /// <summary>The server that it is attached to; null while it has none.</summary>
    public SimulatedServer? Server { get; set; }

    /// <summary>Its session; none while it has none.</summary>
    public SessionId Session { get; set; }

    /// <summary>Whether the session is open, and the client attached to it.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Whether it wants the session to be closed.</summary>
    public bool IsClosing { get; set; }

    /// <summary>Whether it asks again when an answer is lost.</summary>
    public bool IsKept { get; set; }

    /// <summary>Whether it is at the other end of a connection: its session lives while it is
    /// heard.</summary>
    public bool IsRemote { get; set; }

    /// <summary>Until when nothing is heard of it, by the world's clock in microseconds.</summary>
    public long SilentUntilUs { get; set; }

    /// <summary>Who it is.</summary>
    public List<Identity> Identities { get; } = [];

    /// <summary>What proves that the session is its own; none before it is open.</summary>
    public ReadOnlyMemory<byte> Password { get; set; }

    /// <summary>The number of its last request in the session.</summary>
    public int LastCxid { get; set; }

    /// <summary>It has the answers to its requests up to this one.</summary>
    public int AnsweredUpTo { get; set; }

    /// <summary>When each request that has no answer was made, oldest first.</summary>
    public Queue<(ClientRequest Request, long AtUs)> Waiting { get; } = new();

    /// <summary>The requests whose answers are lost, and that it will ask again, oldest first.</summary>
    public List<ClientRequest> Again { get; } = [];

    /// <summary>Whether it may ask something new: what it has to ask again comes first.</summary>
    public bool CanAsk => IsOpen && Server is not null && Again.Count == 0;

    /// <summary>Loses its server, and keeps the session: what has no answer will be asked again, if it is a
    /// client that does.</summary>
    public void LoseServer()
    {
        (Server, IsOpen) = (null, false);
        while (Waiting.TryDequeue(out (ClientRequest Request, long AtUs) waiting))
        {
            if (IsKept && waiting.Request.Op.IsWrite && waiting.Request.Op != OpCode.MoveSession)
            {
                Again.Add(waiting.Request);
            }
        }
    }

    /// <summary>Forgets the session.</summary>
    public void Leave()
    {
        (Server, Session, IsOpen, IsClosing) = (null, SessionId.None, false, false);
        (LastCxid, AnsweredUpTo, Password) = (0, 0, default);
        Waiting.Clear();
        Again.Clear();
        Identities.Clear();
    }
}
