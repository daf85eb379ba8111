using Zab.Core;
using Zab.Core.Election;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Core.Roles;
using Zab.Testing.Storage;

namespace Zab.Testing.Scripts;

/// <summary>One server of a scripted cluster: a disk that outlives it, and, while it runs, a replica and the
/// writes under way.</summary>
internal sealed class ScriptedServer(
    ServerId id, IReadOnlyList<ServerId> voters, IReadOnlyList<ServerId> observers)
{
    /// <summary>The length of a tick in milliseconds of virtual time.</summary>
    public const int TickMs = 10;

    private readonly List<PendingWrite> _writes = [];
    private ILogStore? _store;

    /// <summary>The server's id.</summary>
    public ServerId Id => id;

    /// <summary>What survives a crash.</summary>
    public InMemoryDisk Disk { get; private set; } = new();

    /// <summary>The running replica; null while the server is down.</summary>
    public Replica? Replica { get; private set; }

    /// <summary>Whether writes to its disk are under way.</summary>
    public bool HasWrites => _writes.Count > 0;

    /// <summary>Whether the disk hangs: writes begin and do not end.</summary>
    public bool IsStalled { get; set; }

    /// <summary>Transactions between snapshots.</summary>
    public int SnapshotEvery { get; set; } = 1_000_000;

    /// <summary>Applied entries kept in memory.</summary>
    public int HistoryEntriesMax { get; set; } = 1_000;

    /// <summary>How often a vote that finds no quorum is weighed anew.</summary>
    public int StallTicks { get; set; } = 30;

    /// <summary>Starts from what the disk holds.</summary>
    public void Start(long tick)
    {
        Invariant.Holds(Replica is null);
        _store = Disk.NewStore();
        LogRecovery recovery = _store.Open(new LogIdentity("scripted", id));
        Replica = new Replica(Options(), recovery);
        Replica.BeginTurn(tick * TickMs);
    }

    /// <summary>Loses power. What was not flushed is gone, but for the first <paramref name="writesKept"/>
    /// writes.</summary>
    public void Crash(int writesKept)
    {
        Invariant.Holds(_store is not null);
        for (; writesKept > 0 && HasWrites; writesKept--)
        {
            _ = FinishWrite();
        }

        _writes.Clear();
        Disk.Crash();
        Replica = null;
    }

    /// <summary>Replaces the disk of a server that is down by an empty one.</summary>
    public void Wipe()
    {
        Invariant.Holds(Replica is null);
        Disk = new InMemoryDisk();
    }

    /// <summary>Takes the end of a turn: queues its writes behind those under way.</summary>
    /// <returns>The messages that may leave now.</returns>
    public IEnumerable<Envelope> TakeWrites(Ready ready)
    {
        if (ready.Persist.Count > 0)
        {
            _writes.Add(new PendingWrite(ready.Persist, ready.RecordsAfter, []));
        }

        if (_writes.Count == 0)
        {
            return ready.SendAfterPersist;
        }

        // They wait for the newest write, and so for all before it (R1).
        _writes[^1].SendAfter.AddRange(ready.SendAfterPersist);
        return [];
    }

    /// <summary>Finishes the oldest write: its records are on disk now.</summary>
    /// <returns>The write; its messages may leave, and the replica is to be told.</returns>
    public PendingWrite FinishWrite()
    {
        Invariant.Holds(_store is not null);
        PendingWrite write = _writes[0];
        _writes.RemoveAt(0);
        _store.Append(write.Records);
        _store.Flush();
        return write;
    }

    /// <summary>Writes a snapshot, and lets the store drop what it no longer needs.</summary>
    public void Save(SnapshotJob job)
    {
        Invariant.Holds(_store is not null);
        using ISnapshotWriter writer = _store.CreateSnapshot(job.Position);
        foreach (ReadOnlyMemory<byte> chunk in job.State.ToChunks(64 * 1024))
        {
            writer.Write(chunk.Span);
        }

        writer.Publish();
        _store.Purge();
    }

    private ReplicaOptions Options() => new()
    {
        Self = id,
        Voters = voters,
        Observers = observers,
        TickMs = TickMs,
        SessionTimeoutMinMs = 20 * TickMs,
        SessionTimeoutMaxMs = 100_000 * TickMs,
        SnapshotEvery = SnapshotEvery,
        HistoryEntriesMax = HistoryEntriesMax,
        Seed = (ulong)id.Value,
        Roles = new RoleOptions
        {
            Election = new ElectionOptions(FinalizeTicks: 2, ResendTicks: 10, StallTicks),
            InitLimitTicks = 50,
            SyncLimitTicks = 20,
            PingTicks = 5,
            RedialTicks = 2,
        },
    };
}
