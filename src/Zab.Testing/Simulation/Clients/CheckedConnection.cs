using Zab.Core.Primitives;
using Zab.Core.Tree;
using Zab.Core.Watches;

namespace Zab.Testing.Simulation.Clients;

/// <summary>A session at one server, from when its client came until it is told that it is over there, or the
/// server stops.</summary>
/// <param name="session">The session.</param>
/// <param name="server">The server, in its present run.</param>
internal sealed class CheckedConnection(CheckedSession session, CheckedServer server)
{
    /// <summary>The session.</summary>
    public CheckedSession Session => session;

    /// <summary>The server.</summary>
    public CheckedServer Server => server;

    /// <summary>Whether its client is somewhere else: what comes here is heard by nobody.</summary>
    public bool IsLeft => session.Connection != this;

    /// <summary>Whether it was told that it is over.</summary>
    public bool IsOver { get; set; }

    /// <summary>Whether the server was told that its client has gone. What it had asked is answered only if
    /// the server saw it after that.</summary>
    public bool IsDetached { get; set; }

    /// <summary>Whether it was told so after its client had left.</summary>
    public bool IsToldOver { get; set; }

    /// <summary>Who the client is.</summary>
    public CheckedIdentities Identities { get; set; } = new(before: null, added: null);

    /// <summary>The requests that are not answered yet, oldest first.</summary>
    public Queue<CheckedRequest> Pending { get; } = new();

    /// <summary>Why the session could not be opened here, or not go on here.</summary>
    public ErrorCode Refusal { get; set; }

    /// <summary>What the server had applied when the client came.</summary>
    public Zxid Since { get; } = server.Applied;

    /// <summary>What the session watches here.</summary>
    public WatchLedger Watches { get; } = new();

    /// <summary>The first of the model's changes that its watches have not been told of.</summary>
    public int NextChange { get; set; }

    /// <summary>The first of its server's jumps that its watches have not been told of.</summary>
    public int NextJump { get; set; }

    /// <summary>What it was told to have missed, in answer to the watches that it brought.</summary>
    public List<WatchEvent> Missed { get; } = [];
}
