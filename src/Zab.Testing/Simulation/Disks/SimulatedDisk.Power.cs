using Zab.Core.Primitives;

namespace Zab.Testing.Simulation.Disks;

/// <summary>Losses of power, restarts and copies.</summary>
internal sealed partial class SimulatedDisk
{
    private const ulong SeedStep = 0x9E3779B97F4A7C15;

    /// <summary>The operation in which the power is lost; 0 for never (D3, D15, D16, D24).</summary>
    /// <remarks>When that one fails, the next that does not. It may have happened, wholly, in part, or not,
    /// like all before it that were not flushed.</remarks>
    public int PowerLossAt { get; set; }

    /// <summary>The power is lost in the first operation of this name or beginning, like "delete log"; null
    /// for none.</summary>
    public string? PowerLossIn { get; set; }

    /// <summary>How many operations of that name pass before.</summary>
    public int PowerLossSkips { get; set; }

    /// <summary>How many bytes <see cref="PowerLoss.KeepsSome"/> keeps or loses together: what a disk writes
    /// in one piece (D3).</summary>
    public int SectorBytes { get; set; } = 512;

    /// <summary>Stops the process, and perhaps the machine, between two operations: every further one throws,
    /// until a restart says what is left.</summary>
    public void Stop() => _isOff = true;

    /// <summary>Restarts the machine after a loss of power (D3, D15, D16, D23, D24). Ends every fault that
    /// was ordered, but for the capacity.</summary>
    public void Restart(PowerLoss loss, Prng random)
    {
        _names = AfterOutage(loss, random);
        (IsReadOnly, PowerLossAt, PowerLossIn, PowerLossSkips) = (false, 0, null, 0);
        (_lostIn, _misdirectedIn, _misreadIn, _victim) = (null, null, null, null);
        RestartProcess();
    }

    /// <summary>Restarts the machine, with coins of this seed.</summary>
    public void Restart(PowerLoss loss, ulong coins = 0) => Restart(loss, new Prng(coins));

    /// <summary>Restarts the process, not the machine (section 5 of the catalogue): what was not flushed, or
    /// forgotten by a failed flush, is still seen, and still not on the medium.</summary>
    public void RestartProcess()
    {
        Process++;
        _orphans.Clear();
        foreach (SimulatedInode inode in _names.Seen.Values)
        {
            inode.Handles = 0;
        }

        (_lock, _isOff, ErrorAt, ErrorIn) = (null, false, 0, null);
    }

    /// <summary>A disk as this one were after a loss of power now, with its settings and none of its faults;
    /// this one goes on. It costs little before one of the two is changed.</summary>
    /// <remarks>For a look at what a recovery would find, and to come back with an old copy of the directory
    /// (D22).</remarks>
    public SimulatedDisk Snapshot(PowerLoss loss, Prng random) => new(seed + SeedStep)
    {
        _names = AfterOutage(loss, random),
        _sequence = _sequence,
        CapacityBytes = CapacityBytes,
        IsTraced = IsTraced,
        RevertsOnFailedFlush = RevertsOnFailedFlush,
        SectorBytes = SectorBytes,
    };

    /// <summary>The same, with coins of this seed.</summary>
    public SimulatedDisk Snapshot(PowerLoss loss = PowerLoss.KeepsAll, ulong coins = 0) =>
        Snapshot(loss, new Prng(coins));

    /// <summary>Restarts the machine with the content that another disk would have after a loss of power that
    /// keeps all; that one goes on (D22).</summary>
    public void ReplaceBy(SimulatedDisk copy)
    {
        _names = copy.AfterOutage(PowerLoss.KeepsAll, new Prng(0));
        Restart(PowerLoss.KeepsAll);
    }

    private NameTable AfterOutage(PowerLoss loss, Prng random)
    {
        Invariant.Holds(SectorBytes > 0);
        long firstLost = 0;
        if (loss == PowerLoss.KeepsPrefix)
        {
            List<long> numbers = _names.Numbers();
            numbers.Sort();
            int kept = random.Below(numbers.Count + 1);
            firstLost = kept < numbers.Count ? numbers[kept] : long.MaxValue;
        }

        return _names.After(new Outage(loss, random, SectorBytes, firstLost));
    }
}
