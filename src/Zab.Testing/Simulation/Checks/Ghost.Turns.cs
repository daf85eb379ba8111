using Zab.Core;
using Zab.Core.Messages;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Core.Quorum;
using Zab.Core.Requests;

namespace Zab.Testing.Simulation.Checks;

/// <content>What a turn of a server did: to its log, to its role, to its state.</content>
internal sealed partial class Ghost
{
    /// <summary>A server ended a turn. Nothing of it has been carried out yet.</summary>
    public void OnTurn(ServerId id, Replica replica, Ready ready)
    {
        GhostServer server = this[id];
        Rule.Holds(!server.HasFailed || ready.Persist.Count == 0, $"R15: server {id} writes on a failed log");
        Rule.Holds(
            ForgivesDivergence || !ready.Status.Reason.StartsWith(DivergedReason, StringComparison.Ordinal),
            $"R25: server {id} found its state to differ from its leader's: {ready.Status.Reason}");
        server.State = ready.Status.State;
        foreach (LogRecord record in ready.Persist)
        {
            OnRecord(server, record);
        }

        Rule.Holds(
            server.RecordsAppended == ready.RecordsAfter,
            $"R2: server {id} counts {ready.RecordsAfter} records, and made {server.RecordsAppended}");
        OnRole(server, replica, ready.Status);
        CheckFeed(server, ready);
        OnApplied(server, replica, ready.Status.Applied);
        foreach (Envelope envelope in ready.SendNow)
        {
            OnMade(server, replica, envelope);
        }

        foreach (Envelope envelope in ready.SendAfterPersist)
        {
            OnMade(server, replica, envelope);
        }

        foreach (ClientOutput output in ready.ToClients)
        {
            _clients.OnOutput(id, server.Applied, output);
        }

        server.EndTurn();
        foreach (LinkBreak end in ready.Break)
        {
            Rule.Holds(
                !end.IsViolation || _forgiven.Contains(end.Link),
                $"S20: server {id} ends its {end.Link}: {end.Reason}");
        }
    }

    private void OnRecord(GhostServer server, in LogRecord record)
    {
        switch (record.Kind)
        {
            case LogRecordKind.Entry:
                OnEntry(server, record);
                break;
            case LogRecordKind.Epochs:
                OnEpochs(server, record.Epochs);
                break;
            case LogRecordKind.Truncate:
            case LogRecordKind.SnapshotInstall:
                OnCut(server, record);
                break;
            case LogRecordKind.Commit:
                Rule.Holds(
                    _committed.Contains(record.Position),
                    $"S14: server {server.Id} notes {record.Position} as committed, and it is not");
                break;
            case LogRecordKind.SnapshotBegin:
            case LogRecordKind.SnapshotChunk:
            default:
                break;
        }

        server.Appended.Take(record);
        server.Pending.Enqueue(record);
        server.RecordsAppended++;
    }

    /// <summary>An entry must follow the history before it (S8), and be the only one of its zxid
    /// (S5).</summary>
    private void OnEntry(GhostServer server, in LogRecord record)
    {
        LogPosition head = server.Appended.Head;
        LogPosition position = record.Position;
        Rule.Holds(
            head.Chain.Extend(position.Zxid, record.Body.Span) == position.Chain,
            $"S8: server {server.Id} logs {position}, which does not follow {head}");
        if (_entries.TryGetValue(position.Zxid, out (ChainHash Chain, LogPosition Before) known))
        {
            Rule.Holds(
                known.Chain == position.Chain && known.Before == head,
                $"S5: {position} on server {server.Id} was {known.Chain} after {known.Before} before");
            return;
        }

        Rule.Holds(
            record.Body.Length <= _clients.RecordBytesMax,
            $"R19: server {server.Id} proposes {position} with {record.Body.Length} bytes");
        int epoch = position.Zxid.Epoch;
        bool isNext = head.Zxid.IsFollowedBy(position.Zxid);
        Rule.Holds(isNext, $"E7: server {server.Id} proposes {position} after {head}");
        Rule.Holds(
            _initialHistories.TryGetValue(epoch, out (ServerId Owner, LogPosition End) initial)
            && initial.Owner == server.Id && server.Appended.Epochs.Current == epoch,
            $"E7: server {server.Id} proposes {position}, and does not lead that epoch");
        Rule.Holds(
            IsEstablished(epoch), $"E7: server {server.Id} proposes {position} before a quorum took over");
        _entries.Add(position.Zxid, (position.Chain, head));
        _bodies.Add(position.Zxid, record.Body);
    }

    /// <summary>Whether a quorum has ever taken over the epoch.</summary>
    private bool IsEstablished(int epoch) => _adopted.TryGetValue(epoch, out ServerSet adopted)
        && _verifier.IsQuorum(adopted);

    private void OnEpochs(GhostServer server, Epochs epochs)
    {
        Epochs before = server.Appended.Epochs;
        Rule.Holds(
            epochs.Accepted >= before.Accepted && epochs.Current >= before.Current
            && epochs.Current <= epochs.Accepted,
            $"S3: server {server.Id} goes from epochs {before} to {epochs}");
        if (epochs.Accepted > before.Accepted && server.LeaderInfoHeard != epochs.Accepted)
        {
            CheckNewEpoch(server, before.Accepted, epochs.Accepted);
        }

        if (epochs.Current == before.Current)
        {
            return;
        }

        if (server.NewLeaderHeard.Epoch != epochs.Current)
        {
            OnInitialHistory(server, before.Current, epochs.Current);
        }
        else
        {
            Rule.Holds(
                _initialHistories.TryGetValue(epochs.Current, out (ServerId, LogPosition End) initial)
                && server.Appended.Head.Zxid >= initial.End.Zxid && server.Appended.Contains(initial.End)
                && server.Appended.Head.Chain == server.NewLeaderHeard.Chain,
                $"E6: server {server.Id} takes over epoch {epochs.Current} at {server.Appended.Head}, and "
                + $"its leader's history goes through {initial.End} to {server.NewLeaderHeard.Chain}");
        }
    }

    /// <summary>A leader chooses an epoch: above all that a quorum has accepted (E4).</summary>
    private void CheckNewEpoch(GhostServer leader, int accepted, int epoch)
    {
        ServerSet heard = ServerSet.Of(leader.Id);
        int highest = accepted;
        foreach (GhostServer.LearnerTold told in leader.Told.Values)
        {
            if (told is { Accepted: { } theirs, IsGone: false })
            {
                heard.Add(told.Learner);
                highest = int.Max(highest, theirs);
            }
        }

        // One that has accepted more may be heard in the same turn: then the leader makes way.
        Rule.Holds(
            (highest < epoch || leader.State != ServerState.Leading) && _verifier.IsQuorum(heard),
            $"E4: server {leader.Id} chooses epoch {epoch}, having heard {heard}, who accepted up to "
            + $"{highest}");
        leader.Chosen = epoch;
    }

    /// <summary>A leader takes over its epoch: a quorum has promised it, and no one of it knows more (E5,
    /// S2, S11, S17).</summary>
    private void OnInitialHistory(GhostServer leader, int currentBefore, int epoch)
    {
        LogPosition end = leader.Appended.Head;
        ServerSet promised = default;
        ServerSet counting = default;
        promised.Add(leader.Id);
        counting.Add(leader.Id);
        Rule.Holds(
            leader.Durable.Epochs.Accepted >= epoch,
            $"E5: server {leader.Id} leads epoch {epoch} before its own promise is on its disk");
        foreach (GhostServer.LearnerTold told in leader.Told.Values)
        {
            bool isAhead = told.CurrentEpoch > currentBefore
                || (told.CurrentEpoch == currentBefore && told.Last.Zxid > end.Zxid);
            if (!told.Promised || isAhead || !_verifier.IsVoter(told.Learner)
                || this[told.Learner].Durable.Epochs.Accepted < epoch)
            {
                continue; // it is none of the quorum on which the leader may rest (S17)
            }

            promised.Add(told.Learner);
            if (told.CurrentEpoch > 0 || currentBefore == 0)
            {
                counting.Add(told.Learner);
            }
        }

        Rule.Holds(
            _verifier.IsQuorum(counting) || promised.Equals(_verifier.Voters),
            $"E5: server {leader.Id} begins epoch {epoch} with the promises of {promised}, of which "
            + $"{counting} count");
        Rule.Holds(
            _initialHistories.TryAdd(epoch, (leader.Id, end)),
            $"S2: server {leader.Id} begins epoch {epoch}, and another server did before");
        Rule.Holds(
            end.Zxid >= _committed.Last.Zxid && leader.Appended.Contains(_committed.Last),
            $"S11: server {leader.Id} begins epoch {epoch} at {end}, and {_committed.Last} is committed");
    }

    /// <summary>A cut or a snapshot in place of the history must not take away what is committed
    /// (S18).</summary>
    private void OnCut(GhostServer server, in LogRecord record)
    {
        LogPosition to = record.Position;
        bool isInstall = record.Kind == LogRecordKind.SnapshotInstall;
        if (isInstall)
        {
            Rule.Holds(
                _committed.Contains(to), $"E12: server {server.Id} installs {to}, which is not committed");
            server.Installing = to;
        }

        LogPosition? next = server.Appended.Next(to.Zxid);
        Rule.Holds(
            (isInstall || server.Appended.Contains(to))
            && (next is not { } lost || !_committed.Contains(lost)),
            $"S18: server {server.Id} cuts its log to {to}, and {next} is committed");
    }

    private void OnRole(GhostServer server, Replica replica, in ReplicaStatus status)
    {
        if (status.State != ServerState.Leading || !status.IsServing || replica.Log.Epochs.Current == 0)
        {
            return;
        }

        int epoch = status.Epoch;
        Rule.Holds(
            _initialHistories.TryGetValue(epoch, out (ServerId Owner, LogPosition) initial)
            && initial.Owner == server.Id,
            $"S1: server {server.Id} leads epoch {epoch}, which belongs to {initial.Owner}");
        if (epoch > _newestEpoch)
        {
            Rule.Holds(
                IsEstablished(epoch), $"S1: server {server.Id} leads epoch {epoch} without a quorum");
            Rule.Holds(
                server.Appended.Head.Zxid >= _committed.Last.Zxid
                && server.Appended.Contains(_committed.Last),
                $"S11: leader {server.Id} of epoch {epoch} lacks {_committed.Last}");
            _newestEpoch = epoch;
            Elections++;
        }
    }

    private void OnApplied(GhostServer server, Replica replica, Zxid applied)
    {
        Zxid before = server.Applied;
        if (applied == before)
        {
            return;
        }

        Rule.Holds(applied > before, $"S4: server {server.Id} goes back from {before} to {applied}");
        CheckApplied(server, applied);
        server.Applied = applied;
        if (server.Installing is { } installed && applied >= installed.Zxid)
        {
            server.Installing = null;
            _clients.OnInstalled(server.Id, before, installed.Zxid);
            before = installed.Zxid;
        }

        if (applied > before)
        {
            _clients.OnApplied(server.Id, before, applied);
        }

        CheckDigest(server, replica);
    }

    /// <summary>Whoever follows the changes is told of every transaction, or that a snapshot hides
    /// some.</summary>
    private static void CheckFeed(GhostServer server, Ready ready)
    {
        Zxid at = server.Applied;
        if (ready.ReplacedAt is { } replacedAt && replacedAt > at)
        {
            at = replacedAt;
        }

        foreach (TxnOutcome outcome in ready.Applied)
        {
            if (outcome.Zxid > at)
            {
                Rule.Holds(
                    at.IsFollowedBy(outcome.Zxid),
                    $"S22: server {server.Id} tells of {outcome.Zxid} after {at}");
                at = outcome.Zxid;
            }
        }

        Rule.Holds(
            at == ready.Committed.LastZxid,
            $"S22: server {server.Id} tells of changes up to {at}, and shows {ready.Committed.LastZxid}");
    }

    /// <summary>What a server applies is on its own disk (R9), and part of C, which may grow by it.</summary>
    private void CheckApplied(GhostServer server, Zxid applied)
    {
        if (applied == Zxid.None)
        {
            return; // nothing yet, perhaps on an empty disk
        }

        LogPosition? found = server.Durable.At(applied);
        Rule.Holds(
            found is { } at && at.Zxid == applied,
            $"R9: server {server.Id} applied {applied}, and its disk ends at {server.Durable.Head}");
        LogPosition position = found!.Value;
        if (position.Zxid > _committed.Last.Zxid)
        {
            GrowTo(position, server);
            Rule.Holds(
                IsOnQuorum(position),
                $"S12: server {server.Id} applied {position}, which is not on the disks of a quorum");
        }

        Rule.Holds(
            _committed.Contains(position),
            $"S6: server {server.Id} applied {position}, which is not what was committed");
    }

    private void CheckDigest(GhostServer server, Replica replica)
    {
        if (server.Applied == Zxid.None)
        {
            return;
        }

        ulong digest = StateDigest.Of(replica.Committed);
        Rule.Holds(
            replica.Committed.LastZxid == server.Applied
            && (_digests.TryAdd(server.Applied, digest) || _digests[server.Applied] == digest),
            $"S21: server {server.Id} has another state at {server.Applied}");
    }
}
