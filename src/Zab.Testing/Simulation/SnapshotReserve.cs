using Zab.Core.Ports;
using Zab.Core.Primitives;

namespace Zab.Testing.Simulation;

/// <summary>In how many ways a server's store must be able to come back at the least: from the beginning of
/// its log, or from a snapshot that the log reaches.</summary>
/// <remarks>A store keeps two good snapshots as soon as it had the chance, and all of its log before (R10,
/// D7): so one damaged snapshot is then no reason to refuse the disk. This counts low rather than
/// high.</remarks>
internal sealed class SnapshotReserve
{
    private const int Kept = 2;
    private Zxid _installed;

    /// <summary>How many ways there are, up to two.</summary>
    public int Ways { get; private set; } = 1;

    /// <summary>Whether the store comes back without any one of its snapshots.</summary>
    public bool CanSpareOne => Ways == Kept;

    /// <summary>Records are written: a snapshot from the leader voids all that was before.</summary>
    public void OnWritten(IReadOnlyList<LogRecord> records)
    {
        foreach (LogRecord record in records)
        {
            if (record.Kind == LogRecordKind.SnapshotInstall)
            {
                _installed = record.Position.Zxid;
                Ways = int.Min(Ways, 1);
            }
        }
    }

    /// <summary>A snapshot of the server's own state was saved.</summary>
    public void OnSaved(LogPosition position)
    {
        if (position.Zxid > _installed)
        {
            Ways = int.Min(Ways + 1, Kept);
        }
    }

    /// <summary>One of the snapshots was damaged, any one.</summary>
    public void OnDamaged() => Ways = int.Max(0, Ways - 1);

    /// <summary>The disk was replaced by another, which can be read.</summary>
    public void Reset() => (Ways, _installed) = (1, Zxid.None);
}
