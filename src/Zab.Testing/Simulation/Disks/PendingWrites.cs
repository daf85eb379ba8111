using Zab.Core.Primitives;

namespace Zab.Testing.Simulation.Disks;

/// <summary>What was done to a file since its last flush, in order, and what a loss of power leaves of
/// it.</summary>
internal sealed class PendingWrites
{
    private readonly List<Change> _changes = [];
    private byte[] _bytes = []; // of all writes, one behind the other
    private int _used;

    /// <summary>What a change is.</summary>
    private enum ChangeKind
    {
        /// <summary>Bytes at an offset.</summary>
        Write = 1,

        /// <summary>A longer file, filled with zeros.</summary>
        Extend = 2,

        /// <summary>A shorter file.</summary>
        Truncate = 3,
    }

    /// <summary>Adds bytes at an offset.</summary>
    public void AddWrite(long sequence, ReadOnlySpan<byte> bytes, long offset)
    {
        if (_used + bytes.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_used + bytes.Length, 2 * _bytes.Length));
        }

        bytes.CopyTo(_bytes.AsSpan(_used));
        _changes.Add(new Change(sequence, ChangeKind.Write, offset, _used, bytes.Length));
        _used += bytes.Length;
    }

    /// <summary>Adds that the file got longer, or stayed as it was.</summary>
    public void AddExtend(long sequence, long length) =>
        _changes.Add(new Change(sequence, ChangeKind.Extend, length, 0, 0));

    /// <summary>Adds that the file got shorter, or stayed as it was.</summary>
    public void AddTruncate(long sequence, long length) =>
        _changes.Add(new Change(sequence, ChangeKind.Truncate, length, 0, 0));

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        _changes.Clear();
        _used = 0;
    }

    /// <summary>Does all of it to <paramref name="file"/>.</summary>
    public void ApplyTo(FileBytes file)
    {
        foreach (Change change in _changes)
        {
            Apply(change, file, change.Length);
        }
    }

    /// <summary>Does to <paramref name="file"/> what a loss of power keeps.</summary>
    public void ApplyTo(FileBytes file, in Outage outage)
    {
        foreach (Change change in _changes)
        {
            switch (outage.Loss)
            {
                case PowerLoss.KeepsAll:
                    Apply(change, file, change.Length);
                    break;
                case PowerLoss.LosesAll:
                    break;
                case PowerLoss.KeepsSome:
                    ApplySome(change, file, outage);
                    break;
                case PowerLoss.KeepsPrefix:
                    ApplyPrefix(change, file, outage);
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(outage));
            }
        }
    }

    /// <summary>Adds the number of each change to <paramref name="sequences"/>.</summary>
    public void NumbersTo(List<long> sequences)
    {
        foreach (Change change in _changes)
        {
            sequences.Add(change.Sequence);
        }
    }

    private void Apply(in Change change, FileBytes file, int length)
    {
        switch (change.Kind)
        {
            case ChangeKind.Write:
                file.Write(_bytes.AsSpan(change.Start, length), change.Offset);
                break;
            case ChangeKind.Extend:
                file.Extend(change.Offset);
                break;
            case ChangeKind.Truncate:
                file.Truncate(change.Offset);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(change));
        }
    }

    private void ApplySome(in Change change, FileBytes file, in Outage outage)
    {
        int sector = outage.SectorBytes;
        switch (change.Kind)
        {
            case ChangeKind.Write:
                for (int start = 0; start < change.Length;)
                {
                    long offset = change.Offset + start;
                    int length = Math.Min(sector - (int)(offset % sector), change.Length - start);
                    if (outage.Random.OneIn(2))
                    {
                        file.Write(_bytes.AsSpan(change.Start + start, length), offset);
                    }

                    start += length;
                }

                break;
            case ChangeKind.Extend:
                int sectors = (int)((change.Offset + sector - 1) / sector);
                file.Extend(Math.Min((long)outage.Random.Below(sectors + 1) * sector, change.Offset));
                break;
            case ChangeKind.Truncate:
                if (outage.Random.OneIn(2))
                {
                    file.Truncate(change.Offset);
                }

                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(change));
        }
    }

    private void ApplyPrefix(in Change change, FileBytes file, in Outage outage)
    {
        if (change.Sequence < outage.FirstLost)
        {
            Apply(change, file, change.Length);
        }
        else if (change.Sequence == outage.FirstLost && change.Length > 0)
        {
            Invariant.Holds(change.Kind == ChangeKind.Write);
            int kept = outage.Random.Below(change.Length);
            if (kept > 0)
            {
                Apply(change, file, kept);
            }
        }
    }

    /// <summary>One change: an offset, or a length, and where the bytes are.</summary>
    private readonly record struct Change(
        long Sequence, ChangeKind Kind, long Offset, int Start, int Length);
}
