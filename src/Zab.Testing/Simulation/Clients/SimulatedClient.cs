using Zab.Core.Primitives;
using Zab.Core.Requests;

namespace Zab.Testing.Simulation.Clients;

/// <summary>A client of the ensemble: it has one session at a time, on one server.</summary>
internal sealed class SimulatedClient(Workload workload)
{
    /// <summary>What it asks for.</summary>
    public Workload Workload => workload;

    /// <summary>The server that it is attached to; null while it has no session.</summary>
    public SimulatedServer? Server { get; set; }

    /// <summary>Its session.</summary>
    public SessionId Session { get; set; }

    /// <summary>Whether the session is open.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Whether it wants the session to be closed.</summary>
    public bool IsClosing { get; set; }

    /// <summary>The number of its last request in the session.</summary>
    public int LastCxid { get; set; }

    /// <summary>When each request that has no answer was made, oldest first.</summary>
    public Queue<(ClientRequest Request, long AtUs)> Waiting { get; } = new();

    /// <summary>Forgets the session.</summary>
    public void Leave()
    {
        (Server, IsOpen, IsClosing, LastCxid) = (null, false, false, 0);
        Waiting.Clear();
    }
}
