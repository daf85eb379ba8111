using System.Diagnostics.CodeAnalysis;
using Zab.Client.Tests.Servers;

namespace Zab.Client.Tests;

/// <summary>A session with a server that a test plays.</summary>
internal sealed class ScriptedSession : IAsyncDisposable
{
    private ScriptedSession(
        ManualClock clock, FakeServer server, FakeConnection connection, IZabSession session) =>
        (Clock, Server, Connection, Session) = (clock, server, connection, session);

    /// <summary>The clock of the client.</summary>
    public ManualClock Clock { get; }

    public FakeServer Server { get; }

    /// <summary>The first connection.</summary>
    public FakeConnection Connection { get; }

    public IZabSession Session { get; }

    [SuppressMessage("Reliability", "CA2000", Justification = "The scripted session owns the server.")]
    public static async Task<ScriptedSession> OpenAsync(
        ZabClientOptions? options = null, string chroot = "", int timeoutMs = 30_000)
    {
        ManualClock clock = Clocks.New();
        FakeServer server = new();
        Task<IZabSession> opening = ZabClient.ConnectAsync(
            server.Address + chroot, (options ?? new ZabClientOptions()) with { TimeProvider = clock });
        FakeConnection connection = await server.GreetAsync(timeoutMs);
        return new ScriptedSession(clock, server, connection, await opening.WaitAsync(Safety.Limit));
    }

    /// <summary>Drops a connection, and greets the one that follows.</summary>
    public async Task<FakeConnection> ReconnectAsync(FakeConnection lost, int timeoutMs = 30_000)
    {
        lost.Drop();
        return await Server.GreetAsync(timeoutMs);
    }

    /// <summary>Abandons the session, as nobody is there to close it.</summary>
    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        ((Zab.Sessions.ZabSession)Session).End(ZabSessionState.Closed, error: null);
        await Session.DisposeAsync();
    }
}
