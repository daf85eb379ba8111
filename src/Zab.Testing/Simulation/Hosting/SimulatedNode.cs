using System.Threading.Channels;
using Zab.Authentication;
using Zab.Core;
using Zab.Sessions;

namespace Zab.Testing.Simulation.Hosting;

/// <summary>What a node's loop is in a process: the way of sessions to one life of a simulated
/// server.</summary>
internal sealed class SimulatedNode : ISessionHost
{
    /// <summary>The way from a session's thread to the loop takes time, so that nothing a user repeats can
    /// stop the clock.</summary>
    private const long PostUs = 10;

    private readonly EnsembleHost _host;
    private readonly World _world;
    private readonly SimulatedServer _server;
    private readonly ClientGate _gate;
    private readonly Queue<Call> _posted = new();
    private bool _hasEnded;

    /// <summary>The host of a server that has just started.</summary>
    public SimulatedNode(EnsembleHost host, SimulatedServer server)
    {
        (_host, _world, _server, Life) = (host, host.World, server, server.Life);
        _gate = new ClientGate(
            server.Replica!, host.Ticks, request => _world.Submit(server, request), host.Limits);
    }

    /// <summary>Which of the server's lives this is.</summary>
    public int Life { get; }

    /// <inheritdoc/>
    /// <remarks>Nobody reads in a process that stands still.</remarks>
    public Published Published =>
        _server.IsPaused ? _gate.Published with { IsServing = false } : _gate.Published;

    /// <inheritdoc/>
    public TimeProvider TimeProvider => _host.Time;

    /// <inheritdoc/>
    public SessionLimits Limits => _host.Limits;

    /// <inheritdoc/>
    public Authenticator Authenticator => _host.Authenticator;

    /// <inheritdoc/>
    public CallCount Calls => _gate.Calls;

    /// <inheritdoc/>
    public ChangeLog Changes => _gate.Changes;

    /// <inheritdoc/>
    public RecentStates States => _gate.States;

    /// <inheritdoc/>
    public bool ContinuesInline => true;

    /// <inheritdoc/>
    public ValueTask PostAsync(Call call, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        if (_hasEnded)
        {
            return ValueTask.FromException(new ChannelClosedException());
        }

        _posted.Enqueue(call);
        if (_posted.Count == 1)
        {
            _world.PlanWork(_server, PostUs, TakePosted);
        }

        return default;
    }

    /// <inheritdoc/>
    public void OnObserverFailed(string path, Exception failure) =>
        _host.Note(
            $"an observer of the watch on '{path}' at server {_server.Id} has thrown: {failure.Message}");

    /// <inheritdoc/>
    public ConnectionLossException NotSent(string path) =>
        ConnectionLossException.NothingSent(path, $"server {_server.Id} has ended.");

    /// <summary>Ticks passed, in a turn.</summary>
    public void OnTicked(int ticks) => _gate.Tick(ticks);

    /// <summary>A turn is about to end.</summary>
    public void OnTurnEnding() => _gate.SubmitParked();

    /// <summary>A turn was carried out.</summary>
    public void OnTurnEnded(Ready ready)
    {
        _gate.Deliver(ready);
        if (_gate.HasParked && ready.Status.IsServing)
        {
            _world.PlanWork(_server, PostUs, static () => { }); // serving began at the end of the turn
        }
    }

    /// <summary>The server has ended.</summary>
    public void End()
    {
        _hasEnded = true;
        _gate.EndAll(cause: null);
        while (_posted.TryDequeue(out Call? call))
        {
            ClientGate.FailUnsent(call, cause: null);
        }
    }

    private void TakePosted()
    {
        while (_posted.TryDequeue(out Call? call))
        {
            _gate.Ask(call);
        }
    }
}
