using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Zab.Authentication;
using Zab.Core;
using Zab.Core.Messages;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Sessions;

namespace Zab.Hosting;

/// <content>What the node is to others: its status, and its end.</content>
internal sealed partial class NodeLoop
{
    private const int QuotasWarnedMax = 1024;

    private static readonly TimeSpan s_quotaWarningInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_stopStepTimeout = TimeSpan.FromSeconds(5);

    private static ReplicaOptions ReplicaOptionsOf(
        ZabNodeOptions options, NodeTimes times, Authenticator authenticator) => new()
    {
        Self = new ServerId(options.ServerId),
        Voters = [.. options.Ensemble.Voters.Select(server => server.Id)],
        Observers = [.. options.Ensemble.Observers.Select(server => server.Id)],
        Roles = times.Roles,
        TickMs = times.TickMs,
        SessionTimeoutMinMs = (int)options.SessionTimeoutMin.TotalMilliseconds,
        SessionTimeoutMaxMs = (int)options.SessionTimeoutMax.TotalMilliseconds,
        SnapshotEvery = options.SnapshotEvery,
        SessionWatchesMax = options.SessionWatchesMax,
        WatchesMax = options.WatchesMax,
        Rules = new RequestRules
        {
            Access = authenticator.Rules,
            EnforcesQuotas = options.EnforceQuotas,
            AllowsTtl = options.AllowTtlNodes,
            EphemeralsMax = options.SessionEphemeralsMax,
        },
        Secret = RandomNumberGenerator.GetBytes(SessionPassword.SecretBytes),
        SweepTicks = (int)Math.Clamp(options.ContainerCheckInterval / options.TickTime, 1, int.MaxValue),
        SweepsPerMinuteMax = options.ContainersDeletedPerMinuteMax,
        RecoveredOutcomesMax = options.ChangesKept,
        Seed = options.Seed ?? BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))),
    };

    /// <summary>Logs nodes whose quotas are exceeded, each once in a while.</summary>
    private void WarnOfQuotas(IReadOnlyList<string> paths)
    {
        foreach (string path in paths)
        {
            bool isNew = !_quotasWarned.TryGetValue(path, out long warnedAt)
                || _options.TimeProvider.GetElapsedTime(warnedAt) > s_quotaWarningInterval;
            if (!isNew)
            {
                continue;
            }

            if (_quotasWarned.Count >= QuotasWarnedMax)
            {
                _quotasWarned.Clear();
            }

            _quotasWarned[path] = _options.TimeProvider.GetTimestamp();
            NodeLog.QuotaExceeded(_logger, _options.ServerId, path);
        }
    }

    private void PublishStatus(in ReplicaStatus status)
    {
        ZabNodeStatus before = _status.Current;
        if (status == _lastStatus && before.LastSync == _lastSync)
        {
            return;
        }

        _lastStatus = status;
        ZabNodeStatus now = StatusOf(status);
        _status.Publish(now);
        if (now.Role != before.Role || now.Leader != before.Leader)
        {
            string leader = now.Leader == ServerId.None ? "none" : $"{now.Leader}";
            NodeLog.RoleChanged(_logger, _options.ServerId, now.Role, leader, now.Reason);
        }

        if (now.IsServing && !before.IsServing)
        {
            NodeLog.Serving(_logger, _options.ServerId, now.LastApplied, now.Epoch);
        }
        else if (before.IsServing && !now.IsServing)
        {
            NodeLog.NotServing(_logger, _options.ServerId, now.Reason);
        }
    }

    private ZabNodeStatus StatusOf(in ReplicaStatus status) => new(
        status.State switch
        {
            ServerState.Looking => ZabNodeRole.Looking,
            ServerState.Following => ZabNodeRole.Follower,
            ServerState.Leading => ZabNodeRole.Leader,
            ServerState.Observing => ZabNodeRole.Observer,
        },
        status.Leader,
        status.Epoch,
        status.Logged,
        status.Applied,
        status.IsServing,
        _lastSync,
        status.Reason);

    /// <summary>Ends the node: first nobody is served any more, then the links go, then the disk; then it is
    /// told.</summary>
    private async Task EndAsync(Exception? failure)
    {
        ZabNodeFailedException? cause = failure is null
            ? null
            : new ZabNodeFailedException(
                $"Server {_options.ServerId} has failed: {failure.Message}", failure);
        try
        {
            ServeNobody(cause);
            if (failure is not null)
            {
                NodeLog.Failed(_logger, _options.ServerId, failure.Message, failure);
            }
        }
        finally
        {
            await StopPartsAsync().ConfigureAwait(false);
            Complete(cause);
        }
    }

    private void Complete(ZabNodeFailedException? cause)
    {
        if (cause is null)
        {
            try
            {
                NodeLog.Stopped(_logger, _options.ServerId);
            }
            finally
            {
                _completion.SetResult(); // whatever the logger does
            }
        }
        else
        {
            _completion.SetException(cause);
            _ = _completion.Task.Exception; // Seen: the status and the log tell it too.
        }
    }

    private void ServeNobody(ZabNodeFailedException? cause)
    {
        Facts.Close();
        _status.Publish(
            _status.Current with
            {
                Role = cause is null ? ZabNodeRole.Stopped : ZabNodeRole.Failed,
                Leader = ServerId.None,
                IsServing = false,
                Reason = cause?.InnerException?.Message ?? "it was stopped",
            },
            isLast: true);
        _gate.EndAll(cause);
        while (Facts.TryTake(out Fact? fact))
        {
            TurnAway(fact, cause);
        }
    }

    /// <summary>Stops the transport, the snapshot and the log thread. None of them can hold up the end for
    /// long: what does not stop in time, such as a flush to a disk that hangs, is left behind and
    /// logged.</summary>
    private async Task StopPartsAsync()
    {
        await StepAsync(
            "stopping the transport", () => _transport.DisposeAsync().AsTask()).ConfigureAwait(false);
        _snapshots.Stop();
        await StepAsync("giving up a snapshot", () => _snapshots.Ended).ConfigureAwait(false);
        _log.Close();
        await StepAsync("waiting for the log store", () => _log.Ended).ConfigureAwait(false);
    }

    [SuppressMessage("Design", "CA1031",
        Justification = "The end goes on, whatever fails on the way; it is logged.")]
    private async Task StepAsync(string step, Func<Task> stop)
    {
        try
        {
            // The system's clock: a test's may stand still.
            await Task.Run(stop).WaitAsync(s_stopStepTimeout).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            NodeLog.StopStepFailed(_logger, step, e);
        }
    }
}
