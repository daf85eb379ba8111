namespace Zab.Testing.Simulation.Disks;

/// <summary>The names of a directory: as they are seen, as they are on the medium, and what lies
/// between.</summary>
internal sealed class NameTable
{
    private readonly List<Change> _pending = [];
    private readonly SortedList<string, SimulatedInode> _medium = new(StringComparer.Ordinal);

    /// <summary>The files as a process sees them, by name in ordinal order.</summary>
    public SortedList<string, SimulatedInode> Seen { get; } = new(StringComparer.Ordinal);

    /// <summary>Takes one name away, gives one, or both in one step.</summary>
    public void Add(long sequence, string? removed, string? added, SimulatedInode? inode)
    {
        Change change = new(sequence, removed, added, inode);
        _pending.Add(change);
        change.ApplyTo(Seen);
    }

    /// <summary>Makes all changes durable.</summary>
    public void Flush()
    {
        foreach (Change change in _pending)
        {
            change.ApplyTo(_medium);
        }

        _pending.Clear();
    }

    /// <summary>Gives a name to a file, or takes it away, on the medium and at once, together with all that
    /// is pending.</summary>
    public void Force(string name, SimulatedInode? inode)
    {
        Add(0, removed: name, inode is null ? null : name, inode);
        Flush();
    }

    /// <summary>The numbers of all changes, to names and to files, that a loss of power may lose.</summary>
    public List<long> Numbers()
    {
        List<long> numbers = [];
        List<SimulatedInode> inodes = [];
        foreach (SimulatedInode inode in _medium.Values)
        {
            AddOnce(inode);
        }

        foreach (Change change in _pending)
        {
            numbers.Add(change.Sequence);
            AddOnce(change.Inode);
        }

        return numbers;

        void AddOnce(SimulatedInode? inode)
        {
            if (inode is not null && !inodes.Contains(inode))
            {
                inodes.Add(inode);
                inode.NumbersTo(numbers);
            }
        }
    }

    /// <summary>The names and files as they are found after a loss of power. This table stays as it
    /// is.</summary>
    public NameTable After(in Outage outage)
    {
        NameTable after = new();
        foreach ((string name, SimulatedInode inode) in _medium)
        {
            after._medium.Add(name, inode);
        }

        foreach (Change change in _pending)
        {
            if (Survives(change, outage))
            {
                change.ApplyTo(after._medium);
            }
        }

        // Of two renames of a file the first may be lost alone: then one file has two names.
        List<SimulatedInode> before = [];
        for (int i = 0; i < after._medium.Count; i++)
        {
            SimulatedInode inode = after._medium.GetValueAtIndex(i);
            int known = before.IndexOf(inode);
            before.Add(inode);
            inode = known >= 0 ? after._medium.GetValueAtIndex(known) : inode.After(outage);
            after._medium.SetValueAtIndex(i, inode);
            after.Seen.Add(after._medium.GetKeyAtIndex(i), inode);
        }

        return after;
    }

    private static bool Survives(in Change change, in Outage outage) => outage.Loss switch
    {
        PowerLoss.KeepsAll => true,
        PowerLoss.LosesAll => false,
        PowerLoss.KeepsSome => outage.Random.OneIn(2),
        PowerLoss.KeepsPrefix => change.Sequence < outage.FirstLost,
    };

    /// <summary>One change of names.</summary>
    private readonly record struct Change(
        long Sequence, string? Removed, string? Added, SimulatedInode? Inode)
    {
        public void ApplyTo(SortedList<string, SimulatedInode> names)
        {
            if (Removed is not null)
            {
                names.Remove(Removed);
            }

            if (Added is not null && Inode is not null)
            {
                names[Added] = Inode;
            }
        }
    }
}
