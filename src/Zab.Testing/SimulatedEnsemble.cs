using System.Diagnostics.CodeAnalysis;
using Zab.Testing.Simulation;
using Zab.Testing.Simulation.Hosting;

namespace Zab.Testing;

/// <summary>An ensemble for tests of your own application: real servers and real sessions, on one thread and
/// in simulated time, on disks and a network that do what the seed and the test want.</summary>
/// <remarks>
/// <para>The same seed and the same scenario give the same run, event by event. No port is opened, no file
/// written, and nothing waits: an hour passes in a second or two. Zab's own promises are checked all the
/// while.</para>
/// <para>Sessions behave as those of a <see cref="ZabNode"/>: they belong to their server, and are closed
/// when it crashes. <c>docs/testing-your-app.md</c> says what the scenario must not do.</para>
/// <para>For the scenario alone, on its thread.</para>
/// </remarks>
public sealed class SimulatedEnsemble
{
    private readonly EnsembleHost _host;

    private SimulatedEnsemble(ulong seed, SimulatedEnsembleOptions options)
    {
        Seed = seed;
        _host = new EnsembleHost(seed, options);
        Random = new Random((int)_host.Prng.Next());
    }

    /// <summary>The seed of the run.</summary>
    public ulong Seed { get; }

    /// <summary>The clock of the simulation, for <c>Task.Delay</c>, time-outs and timers of the code under
    /// test.</summary>
    public TimeProvider TimeProvider => _host.Time;

    /// <summary>Chance that the seed decides, for the scenario.</summary>
    public Random Random { get; }

    /// <summary>The ids of all servers: the voters, then the observers.</summary>
    public IReadOnlyList<int> Servers => [.. _host.World.Servers.Select(server => server.Id.Value)];

    /// <summary>The server that leads; null while none does.</summary>
    public int? Leader => _host.World.Leader?.Id.Value;

    /// <summary>The simulated time since the beginning of the run.</summary>
    public TimeSpan Elapsed => TimeSpan.FromMicroseconds(_host.World.NowUs);

    /// <summary>A hash over all that has happened: equal for equal runs.</summary>
    public ulong TraceHash => _host.TraceHash;

    /// <summary>What has happened to the ensemble, a line an event: the last of it, or all of it with
    /// <see cref="SimulatedEnsembleOptions.Trace"/>.</summary>
    public IReadOnlyList<string> Events => _host.Events;

    /// <summary>Runs a scenario to its end, on the calling thread.</summary>
    /// <param name="seed">Decides everything that is left to chance.</param>
    /// <param name="scenario">What to do. It begins when every server serves.</param>
    /// <param name="options">How the ensemble is set up.</param>
    /// <exception cref="SimulationFailedException">The scenario threw, or has not ended within
    /// <see cref="SimulatedEnsembleOptions.TimeLimit"/>.</exception>
    /// <exception cref="ViolationException">Zab broke a promise of its own: a bug in Zab.</exception>
    [SuppressMessage("Design", "CA1031", Justification = "It is thrown again, with the seed.")]
    public static void Run(
        ulong seed, Func<SimulatedEnsemble, Task> scenario, SimulatedEnsembleOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        options ??= new SimulatedEnsembleOptions();
        options.Validate();
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        SimulatedEnsemble ensemble = new(seed, options);
        try
        {
            ensemble.Run(scenario);
        }
        catch (Exception e)
        {
            throw ensemble.FailureOf(e);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    /// <summary>Opens a session with a server. Waits until the server serves, but at most for
    /// <paramref name="timeout"/>.</summary>
    /// <param name="server">The server.</param>
    /// <param name="timeout">As in <see cref="ZabNode.OpenSessionAsync"/>.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The session, which belongs to the caller.</returns>
    /// <exception cref="ConnectionLossException">The server is down, or did not serve in time.</exception>
    public Task<IZabSession> OpenSessionAsync(
        int server, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        OpenSessionAsync(server, new SessionOptions { Timeout = timeout }, cancellationToken);

    /// <summary>As <see cref="OpenSessionAsync(int, TimeSpan?, CancellationToken)"/>, and says who the session
    /// is.</summary>
    /// <param name="server">The server.</param>
    /// <param name="options">How the session is opened.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The session, which belongs to the caller.</returns>
    public Task<IZabSession> OpenSessionAsync(
        int server, SessionOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        TimeSpan asked = options.Timeout ?? _host.DefaultSessionTimeout;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(asked, TimeSpan.Zero, nameof(options));
        return _host.OpenSessionAsync(Server(server), asked, options, resumed: null, cancellationToken);
    }

    /// <summary>Goes on with a session at a server, as <see cref="ZabNode.ResumeSessionAsync"/> does.</summary>
    /// <param name="server">The server.</param>
    /// <param name="credentials">The session and its password.</param>
    /// <param name="options">How the session goes on.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The session, which belongs to the caller.</returns>
    public Task<IZabSession> ResumeSessionAsync(
        int server,
        SessionCredentials credentials,
        SessionOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        return _host.OpenSessionAsync(
            Server(server),
            _host.DefaultSessionTimeout,
            options ?? new SessionOptions(),
            credentials,
            cancellationToken);
    }

    /// <summary>Lets simulated time pass.</summary>
    /// <param name="time">How much.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A task that ends when the time has passed.</returns>
    public Task DelayAsync(TimeSpan time, CancellationToken cancellationToken = default) =>
        Task.Delay(time, TimeProvider, cancellationToken);

    /// <summary>Whether a server runs: it has not crashed, and does not stand still.</summary>
    /// <param name="server">The server.</param>
    /// <returns>Whether it runs.</returns>
    public bool IsRunning(int server) => Server(server).IsUp;

    /// <summary>Whether a server serves clients.</summary>
    /// <param name="server">The server.</param>
    /// <returns>Whether it runs, and believes to be part of an ensemble.</returns>
    public bool IsServing(int server) =>
        Server(server) is { IsUp: true, Replica.Status.IsServing: true };

    /// <summary>Ends a server without warning, and its machine with it: what it has not flushed is lost, or
    /// some of it. Nothing happens when it is down.</summary>
    /// <param name="server">The server.</param>
    public void Crash(int server)
    {
        if (Server(server) is { Replica: not null } running)
        {
            _host.Do(running, "loses its power", one => _host.World.LosePower(one));
        }
    }

    /// <summary>Ends a server's process without warning; its machine goes on, and so nothing written is lost.
    /// Nothing happens when it is down.</summary>
    /// <param name="server">The server.</param>
    public void Kill(int server)
    {
        if (Server(server) is { Replica: not null } running)
        {
            _host.Do(running, "is killed", _host.World.Kill);
        }
    }

    /// <summary>Starts a server with what is on its disk, after killing it when it runs.</summary>
    /// <param name="server">The server.</param>
    public void Restart(int server)
    {
        Kill(server);
        _host.Start(Server(server));
    }

    /// <summary>A server's process stands still: no message is read, no time passes for it, and the calls of
    /// its sessions wait. Nothing happens when it is not running.</summary>
    /// <param name="server">The server.</param>
    public void Pause(int server)
    {
        if (Server(server) is { IsUp: true } running)
        {
            _host.Do(running, "stands still", one => _host.World.Pause(one, inTurn: false));
        }
    }

    /// <summary>A process that stands still goes on. Nothing happens when it does not stand still.</summary>
    /// <param name="server">The server.</param>
    public void Resume(int server)
    {
        if (Server(server) is { IsPaused: true } paused)
        {
            _host.Do(paused, "goes on", _host.World.Resume);
        }
    }

    /// <summary>Cuts the network into sides, instead of what was cut before. Servers of different sides do
    /// not reach each other; one that is on several sides, or on none, reaches all.</summary>
    /// <param name="sides">The sides. Whether servers notice at once that their links are gone, or only by
    /// their time-outs, the seed decides.</param>
    public void Partition(params IReadOnlyList<int>[] sides)
    {
        ArgumentNullException.ThrowIfNull(sides);
        HashSet<int>[] sets = [.. sides.Select(side => side.Select(id => Server(id).Id.Value).ToHashSet())];
        Heal();
        _host.Note($"the network is cut: {string.Join(" | ", sides.Select(side => string.Join(' ', side)))}");
        bool noticed = _host.Prng.OneIn(2);
        foreach (SimulatedServer a in _host.World.Servers)
        {
            foreach (SimulatedServer b in _host.World.Servers)
            {
                if (a.Id.Value < b.Id.Value && AreApart(sets, a.Id.Value, b.Id.Value))
                {
                    _ = _host.Enter(() =>
                    {
                        _host.World.Cut(a, b, noticed);
                        return true;
                    });
                }
            }
        }
    }

    /// <summary>Nothing that one server sends reaches another, which notices only by its time-outs. The other
    /// direction is as it was.</summary>
    /// <param name="from">The server that is not heard.</param>
    /// <param name="to">The server that does not hear it.</param>
    public void CutOneWay(int from, int to)
    {
        SimulatedServer receiver = Server(to);
        ArgumentOutOfRangeException.ThrowIfEqual(from, to);
        _host.Do(Server(from), $"is not heard by {to}", sender => _host.World.CutOneWay(sender, receiver));
    }

    /// <summary>Mends the network.</summary>
    public void Heal()
    {
        _host.Note("the network is healed");
        _ = _host.Enter(() =>
        {
            _host.World.HealAll();
            return true;
        });
    }

    /// <summary>Lets things go wrong by chance, beside the scenario, until
    /// <see cref="StopFaults"/>.</summary>
    /// <param name="kinds">What may go wrong.</param>
    public void StartFaults(SimulatedFaults kinds = SimulatedFaults.All)
    {
        _host.Pump.ThrowUnlessHere();
        _host.Faults.Start(kinds);
    }

    /// <summary>Lets nothing go wrong by chance any more, heals the network, and brings back every
    /// server.</summary>
    public void StopFaults()
    {
        _host.Pump.ThrowUnlessHere();
        _host.Faults.Stop();
    }

    /// <summary>Notes a line among the events, for whoever reads the failure.</summary>
    /// <param name="line">The line.</param>
    public void Note(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        _host.Note(line);
    }

    private static bool AreApart(HashSet<int>[] sides, int a, int b) =>
        Array.Exists(sides, side => side.Contains(a)) && Array.Exists(sides, side => side.Contains(b))
        && !Array.Exists(sides, side => side.Contains(a) && side.Contains(b));

    private void Run(Func<SimulatedEnsemble, Task> scenario)
    {
        _host.StartAll();
        Task task = _host.Pump.Begin(() => scenario(this));
        while (!task.IsCompleted)
        {
            _host.Step();
        }

        task.GetAwaiter().GetResult();
        if (_host.Violation is { } violation)
        {
            throw violation;
        }
    }

    private Exception FailureOf(Exception failure)
    {
        string where = $"seed {Seed}, after {Elapsed.TotalSeconds:0.000} s of simulated time";
        string events = string.Concat(Events.TakeLast(40).Select(line => $"{Environment.NewLine}  {line}"));
        return _host.Violation is { } violation
            ? new ViolationException($"{violation.Message} ({where}){events}", violation)
            : new SimulationFailedException(
                $"{failure.Message} ({failure.GetType().Name}, {where}){events}", Seed, Events, failure);
    }

    private SimulatedServer Server(int id)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(id, 1, "server");
        ArgumentOutOfRangeException.ThrowIfGreaterThan(id, _host.World.Servers.Count, "server");
        return _host.World[id];
    }
}
