using Zab.Core;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Storage;
using Zab.Testing.Simulation.Disks;

namespace Zab.Testing.Simulation;

/// <summary>One server: a disk that outlives its processes, and, while it runs, a replica with the store that
/// it writes to.</summary>
internal sealed class SimulatedServer(ServerId id)
{
    /// <summary>The server's id.</summary>
    public ServerId Id => id;

    /// <summary>The disk.</summary>
    public SimulatedDisk Disk { get; set; } = new();

    /// <summary>The running replica; null while the server is down.</summary>
    public Replica? Replica { get; set; }

    /// <summary>The open store.</summary>
    public FileLogStore? Store { get; set; }

    /// <summary>Counts the processes. What was planned for an earlier one is void.</summary>
    public int Life { get; set; } = 1;

    /// <summary>Whether the process stands still.</summary>
    public bool IsPaused { get; set; }

    /// <summary>Since when the process stands still.</summary>
    public long PausedAtUs { get; set; }

    /// <summary>Whether a damaged or alien disk was refused: somebody must replace it.</summary>
    public bool IsRefused { get; set; }

    /// <summary>Whether faults have touched the disk so that it may be refused.</summary>
    public bool IsDiskDamaged { get; set; }

    /// <summary>What a loss of power that comes by itself leaves; null when chance decides.</summary>
    public PowerLoss? Loss { get; set; }

    /// <summary>In how many ways the disk can be recovered.</summary>
    public SnapshotReserve Reserve { get; } = new();

    /// <summary>What came while the process stood still.</summary>
    public List<SimulatedEvent> Backlog { get; } = [];

    /// <summary>A turn that ended, and could not be carried out before the process stood still.</summary>
    public Ready? HeldReady { get; set; }

    /// <summary>How fast the server's clock goes, in microseconds a tick.</summary>
    public long TickUs { get; set; }

    /// <summary>How far its wall clock is off, in milliseconds.</summary>
    public long WallOffsetMs { get; set; }

    /// <summary>Whether the disk hangs: what has begun does not end.</summary>
    public bool IsDiskHung { get; set; }

    /// <summary>The least and the most time that a flush takes, in microseconds.</summary>
    public (long Min, long Max) FlushUs { get; set; }

    /// <summary>Work for the log, not begun.</summary>
    public Queue<LogWorkItem> LogWork { get; } = new();

    /// <summary>Whether the log is at work.</summary>
    public bool IsLogBusy { get; set; }

    /// <summary>How many records the batch that is being written ends with.</summary>
    public long BatchEnd { get; set; }

    /// <summary>How many records are on the disk.</summary>
    public long Persisted { get; set; }

    /// <summary>Messages that wait for the disk: for so many records.</summary>
    public Queue<(long RecordsAfter, Envelope Envelope)> Waiting { get; } = new();

    /// <summary>The snapshot that is being written.</summary>
    public (SnapshotJob Job, ISnapshotWriter Writer)? Snapshot { get; set; }

    /// <summary>Whether the replica waits for a snapshot to be saved.</summary>
    public bool IsSnapshotWanted { get; set; }

    /// <summary>Whether the process runs and is not standing still.</summary>
    public bool IsUp => Replica is not null && !IsPaused;

    /// <summary>Forgets everything that was in the process's memory.</summary>
    public void Clear()
    {
        DropStore();
        (Store, Replica, HeldReady, Snapshot) = (null, null, null, null);
        (IsPaused, IsLogBusy, IsDiskHung, IsSnapshotWanted) = (false, false, false, false);
        (BatchEnd, Persisted) = (0, 0);
        Backlog.Clear();
        LogWork.Clear();
        Waiting.Clear();
        Life++;
    }

    /// <summary>The store dies with its process: it may free memory, and touch nothing.</summary>
    private void DropStore()
    {
        Disk.Stop();
        try
        {
            Store?.Dispose();
        }
        catch (PowerLossException)
        {
            // It tried to clean up.
        }
    }

    /// <summary>Something that the log has to do: records to write, or a snapshot to begin, or, when neither
    /// is set, to drop what is not needed any more.</summary>
    internal readonly record struct LogWorkItem(
        IReadOnlyList<LogRecord>? Records, long RecordsAfter, SnapshotJob? Snapshot);
}
