using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Zab.Authentication;
using Zab.Core;
using Zab.Core.Messages;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Sessions;

namespace Zab.Hosting;

/// <summary>Drives the replica: takes the facts that wait, steps, and carries out one
/// <see cref="Ready"/>.</summary>
/// <remarks>
/// <para>The one task of <see cref="RunAsync"/> alone touches the replica, the sender and the gate. It never
/// waits but for facts: the transport and the log thread take what they are given at once.</para>
/// <para>Whatever goes wrong in it, or in the log, ends the whole node (R20): links are broken, calls fail,
/// and
/// <see cref="Completion"/> says why.</para>
/// </remarks>
internal sealed partial class NodeLoop : ISessionHost, IDisposable
{
    private const int TurnFactsMax = 1024;

    private readonly ZabNodeOptions _options;
    private readonly NodeTimes _times;
    private readonly ILogger _logger;
    private readonly ITransport _transport;
    private readonly Replica _replica;
    private readonly LogThread _log;
    private readonly SnapshotTask _snapshots;
    private readonly MessageSender _sender;
    private readonly ClientGate _gate;
    private readonly TickCounter _ticks;
    private readonly LatestValue<ZabNodeStatus> _status;
    private readonly Dictionary<string, long> _quotasWarned = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _completion =
        new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ReplicaStatus _lastStatus;
    private SyncKind _lastSync;
    private long _persisted;
    private volatile bool _stopping;

    /// <summary>Makes the loop of a node whose store is open. Nothing runs yet.</summary>
    /// <exception cref="InvalidDataException">The recovered records contradict each other.</exception>
    public NodeLoop(ZabNodeOptions options, ITransport transport, ILogStore store, LogRecovery recovery)
    {
        _options = options;
        _times = new NodeTimes(options);
        _logger = options.LoggerFactory.CreateLogger<ZabNode>();
        _transport = transport;
        Authenticator = new Authenticator(options);
        _replica = new Replica(ReplicaOptionsOf(options, _times, Authenticator), recovery);
        _log = new LogThread(store, Facts.Wake, _logger);
        _snapshots = new SnapshotTask(_log, Facts);
        _sender = new MessageSender(transport);
        Limits = new SessionLimits(options);
        _gate = new ClientGate(_replica, _times.Ticks, _replica.Submit, Limits);
        _ticks = new TickCounter(options.TimeProvider, _times.TickMs, _times.TicksOwedMax);
        _lastStatus = _replica.Status;
        _status = new LatestValue<ZabNodeStatus>(StatusOf(_lastStatus));
    }

    /// <summary>The way in.</summary>
    public FactQueue Facts { get; } = new();

    /// <summary>What the node is.</summary>
    public LatestValue<ZabNodeStatus> Status => _status;

    /// <summary>What readers on any thread see.</summary>
    public Published Published => _gate.Published;

    /// <summary>Ends when everything has stopped; fails when the node failed.</summary>
    public Task Completion => _completion.Task;

    /// <inheritdoc/>
    public Authenticator Authenticator { get; }

    /// <summary>The node's clock.</summary>
    public TimeProvider TimeProvider => _options.TimeProvider;

    /// <summary>What sessions may take, and what is kept for them.</summary>
    public SessionLimits Limits { get; }

    /// <summary>The latest changes of the tree.</summary>
    public ChangeLog Changes => _gate.Changes;

    /// <summary>The latest states of the tree.</summary>
    public RecentStates States => _gate.States;

    /// <summary>The calls of all sessions.</summary>
    public CallCount Calls => _gate.Calls;

    bool ISessionHost.ContinuesInline => false;

    /// <summary>The session time-out that is asked for when the caller names none.</summary>
    public TimeSpan DefaultSessionTimeout => _times.DefaultSessionTimeout;

    /// <summary>The failure of a call that the ended node did not take.</summary>
    public ConnectionLossException NotSent(string path) =>
        ConnectionLossException.NothingSent(path, $"the node has ended. {_status.Current.Reason}");

    void ISessionHost.OnObserverFailed(string path, Exception failure) =>
        NodeLog.ObserverFailed(_logger, _options.ServerId, path, failure);

    ValueTask ISessionHost.PostAsync(Call call, CancellationToken cancellationToken) =>
        Facts.PostAsync(new Fact.Asked(call), cancellationToken);

    /// <summary>Starts the log thread, the transport and the loop. On failure all of them are stopped
    /// again.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "It is thrown again, once nothing is left running.")]
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _log.Start($"zab-log-{_options.ServerId}");
        try
        {
            await _transport.StartAsync(Facts, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            Facts.Close();
            await StopPartsAsync().ConfigureAwait(false);
            throw;
        }

        NodeLog.Started(
            _logger, _options.ServerId, _options.EnsembleId, _lastStatus.Logged, _lastStatus.Epoch);
        _ = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <summary>Asks the loop to end. <see cref="Completion"/> follows in bounded time.</summary>
    public void Stop()
    {
        _stopping = true;
        Facts.Wake();
    }

    /// <summary>Frees what is left. Only after <see cref="Completion"/>.</summary>
    public void Dispose()
    {
        _snapshots.Dispose();
        if (_log.Ended.IsCompleted)
        {
            _log.Dispose();
        }
    }

    [SuppressMessage("Design", "CA1031",
        Justification = "Any failure of the loop ends the whole node (R20).")]
    private async Task RunAsync()
    {
        Exception? failure = null;
        try
        {
            TimeSpan tick = TimeSpan.FromMilliseconds(_times.TickMs);
            ITimer timer = TimeProvider.CreateTimer(_ => Facts.Wake(), null, TimeSpan.Zero, tick);
            await using (timer.ConfigureAwait(false))
            {
                while (!_stopping && await Facts.WaitAsync().ConfigureAwait(false))
                {
                    Turn();
                }
            }
        }
        catch (Exception e)
        {
            failure = e;
        }

        await EndAsync(failure).ConfigureAwait(false);
    }

    /// <summary>One turn. The clock comes first, so that after a pause the replica sees its own stall before
    /// anything that came in meanwhile could make it speak (R14).</summary>
    private void Turn()
    {
        _replica.BeginTurn(TimeProvider.GetUtcNow().ToUnixTimeMilliseconds());
        int ticks = _ticks.Take();
        _replica.Tick(ticks);

        _gate.Tick(ticks);
        for (int i = 0; i < TurnFactsMax && Facts.TryTake(out Fact? fact); i++)
        {
            Enter(fact);
        }

        // After the facts: a wake-up may have been among them, and what it was for must be seen in this turn.
        TakeDiskProgress();
        _gate.SubmitParked();

        CarryOut(_replica.TakeReady());
    }

    private void TakeDiskProgress()
    {
        if (_log.Failure is { } failure)
        {
            throw new IOException($"the log store failed, which is final: {failure.Message}", failure);
        }

        long persisted = _log.Persisted;
        if (persisted > _persisted)
        {
            _persisted = persisted;
            _replica.OnPersisted(persisted);
        }
    }

    private void Enter(Fact fact)
    {
        switch (fact)
        {
            case Fact.Received received:
                OnReceived(received);
                break;
            case Fact.Asked asked:
                _gate.Ask(asked.Call);
                break;
            case Fact.AskedRemotely asked:
                _gate.AskRemotely(asked.Client, asked.Requests);
                break;
            case Fact.Left left:
                _gate.Leave(left.Client);
                break;
            case Fact.LookedAt looked:
                looked.Look(_replica);
                break;
            case Fact.LinkUp up:
                NodeLog.LinkUp(_logger, _options.ServerId, up.Link);
                _replica.OnLinkUp(up.Link);
                break;
            case Fact.LinkDown down:
                NodeLog.LinkDown(_logger, _options.ServerId, down.Link, down.Reason);
                _replica.OnLinkDown(down.Link, down.Reason);
                break;
            case Fact.ConnectFailed failed:
                NodeLog.ConnectFailed(_logger, _options.ServerId, failed.Peer, failed.Reason);
                _replica.OnConnectFailed(failed.Peer, failed.Reason);
                break;
            case Fact.SnapshotEnded ended:
                OnSnapshotEnded(ended);
                break;
            default:
                Invariant.Holds(fact == Fact.Woken);
                break;
        }
    }

    private void OnReceived(Fact.Received received)
    {
        for (int i = 0; i < received.Messages.Count; i++)
        {
            Message message = received.Messages[i];
            if (message.Type is MessageType.Diff or MessageType.Trunc or MessageType.Snap)
            {
                _lastSync = message.Type == MessageType.Diff ? SyncKind.Diff
                    : message.Type == MessageType.Trunc ? SyncKind.Trunc : SyncKind.Snap;
                NodeLog.Synchronizing(_logger, _options.ServerId, _lastSync);
            }

            _replica.OnMessage(received.Link, message);
        }
    }

    private void OnSnapshotEnded(Fact.SnapshotEnded ended)
    {
        if (ended.Failure is { } failure)
        {
            NodeLog.SnapshotFailed(_logger, _options.ServerId, ended.Position, failure);
            _replica.OnSnapshotFailed();
            return;
        }

        NodeLog.SnapshotSaved(_logger, _options.ServerId, ended.Position);
        _replica.OnSnapshotSaved(ended.Position);
        HandToLog(new LogWork.Purge());
    }

    /// <summary>Does what a turn wants done. Proposals leave while the records go to the disk; what asserts
    /// that they are there waits for it (R1).</summary>
    private void CarryOut(Ready ready)
    {
        if (ready.Persist.Count > 0)
        {
            HandToLog(new LogWork.Append(ready.Persist, ready.RecordsAfter));
        }

        _sender.Send(ready, _persisted);
        foreach (ServerId peer in ready.Connect)
        {
            _transport.Connect(peer);
        }

        foreach (LinkBreak end in ready.Break)
        {
            _transport.Break(end.Link, end.Reason);
        }

        _gate.Deliver(ready);
        WarnOfQuotas(ready.WarnedQuotas);
        if (ready.Snapshot is { } job)
        {
            _snapshots.Start(job);
        }

        PublishStatus(ready.Status);
        if (_gate.HasParked && ready.Status.IsServing)
        {
            Facts.Wake(); // serving began at the end of the turn
        }
    }

    private void HandToLog(LogWork work)
    {
        if (!_log.TryAdd(work))
        {
            throw new IOException(
                "the log store has not taken what was written for far too long: its disk hangs.");
        }
    }
}
