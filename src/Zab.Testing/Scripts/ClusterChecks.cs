using Zab.Core;
using Zab.Core.Messages;
using Zab.Core.Primitives;
using Zab.Core.Recovery;

namespace Zab.Testing.Scripts;

/// <summary>What must hold of the whole cluster after every command. It never forgets, not even when servers
/// crash.</summary>
internal sealed class ClusterChecks
{
    private readonly Dictionary<int, ServerId> _epochOwners = [];
    private readonly Dictionary<Zxid, ChainHash> _chains = [];
    private readonly SortedDictionary<Zxid, ChainHash> _committed = [];
    private readonly Dictionary<Zxid, ulong> _digests = [];
    private readonly Dictionary<ServerId, Epochs> _epochs = [];

    /// <summary>The newest transaction that any client was told to be done.</summary>
    public Zxid LastAcked { get; private set; }

    /// <summary>A client was told that its write is done.</summary>
    public void OnAcked(Zxid zxid) => LastAcked = zxid > LastAcked ? zxid : LastAcked;

    /// <summary>Checks one running server.</summary>
    /// <exception cref="InvariantViolatedException">Something that must hold does not; the message says
    /// what.</exception>
    public void Check(ScriptedServer server)
    {
        if (server.Replica is not { } replica)
        {
            return;
        }

        ReplicaStatus status = replica.Status;
        ReplicatedLog log = replica.Log;
        if (status.State == ServerState.Leading && status.IsServing)
        {
            Require(
                _epochOwners.TryAdd(status.Epoch, server.Id) || _epochOwners[status.Epoch] == server.Id,
                $"S1: epoch {status.Epoch} has two leaders, {_epochOwners[status.Epoch]} and {server.Id}");
            Require(
                log.Last.Zxid >= LastAcked,
                $"S11: leader {server.Id} ends at {log.Last.Zxid}, and {LastAcked} was acknowledged");
        }

        Epochs before = _epochs.GetValueOrDefault(server.Id);
        Require(
            log.Epochs.Accepted >= before.Accepted && log.Epochs.Current <= log.Epochs.Accepted,
            $"S3: server {server.Id} went from epochs {before} to {log.Epochs}");
        CheckHistory(server.Id, log);
        CheckState(server.Id, replica);
    }

    /// <summary>Forgets what a server had said in memory only: it crashed.</summary>
    public void OnCrash(ServerId server) => _ = _epochs.Remove(server);

    private void CheckHistory(ServerId server, ReplicatedLog log)
    {
        History history = log.History;
        for (long index = history.FirstIndex; index < history.EndIndex; index++)
        {
            LogPosition position = history[index].Position;
            Require(
                _chains.TryAdd(position.Zxid, position.Chain) || _chains[position.Zxid] == position.Chain,
                $"S15: server {server} has another history up to {position.Zxid}");
            if (position.Zxid <= log.Committed.Zxid)
            {
                _ = _committed.TryAdd(position.Zxid, position.Chain);
                Require(
                    _committed[position.Zxid] == position.Chain,
                    $"S6: server {server} committed another {position.Zxid}");
            }
        }

        _epochs[server] = log.Epochs;
    }

    /// <summary>The state at a zxid is the same on every server, whenever it gets there (S21).</summary>
    private void CheckState(ServerId server, Replica replica)
    {
        Zxid applied = replica.Status.Applied;
        Require(
            applied <= replica.Log.Durable,
            $"R9: server {server} applied {applied}, which is not on its disk");
        ulong digest = 0;
        foreach (ReadOnlyMemory<byte> chunk in replica.Committed.ToChunks(64 * 1024))
        {
            digest = new ChainHash(digest).Extend(applied, chunk.Span).Value;
        }

        Require(
            _digests.TryAdd(applied, digest) || _digests[applied] == digest,
            $"S21: server {server} has another state at {applied}");
    }

    private static void Require(bool condition, string what)
    {
        if (!condition)
        {
            throw new InvariantViolatedException(what);
        }
    }
}
