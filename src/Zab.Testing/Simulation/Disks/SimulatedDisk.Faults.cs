namespace Zab.Testing.Simulation.Disks;

/// <summary>Errors that the disk reports, and those that it does not.</summary>
internal sealed partial class SimulatedDisk
{
    private string? _lostIn;
    private string? _misdirectedIn;
    private string? _misreadIn;
    private SimulatedInode? _victim;
    private long _victimOffset;

    /// <summary>The operation that fails with an error; 0 for none (D1, D2, D12, D19).</summary>
    /// <remarks>A write that fails has written half of its bytes. A flush that fails forgets for ever what it
    /// was to write.</remarks>
    public int ErrorAt { get; set; }

    /// <summary>Every operation of this name or beginning, like "flush" or "read snapshot", fails; null for
    /// none (D1, D2, D12, D19).</summary>
    /// <remarks>The names: create, write, allocate, flush, rename, delete, flush-directory, and, not
    /// counted, open and read.</remarks>
    public string? ErrorIn { get; set; }

    /// <summary>Told when an operation on a file of the log fails.</summary>
    public Action? OnLogError { get; set; }

    /// <summary>Whether a failed flush also takes from sight what it forgot (D1). Otherwise it is seen until
    /// <see cref="DropCaches"/> or a restart of the machine.</summary>
    public bool RevertsOnFailedFlush { get; set; }

    /// <summary>Whether the file system takes no changes any more (D12). Ends with a restart of the
    /// machine.</summary>
    public bool IsReadOnly { get; set; }

    /// <summary>How many bytes there is room for; null for no end (D11).</summary>
    /// <remarks>A write within a file, so within what was allocated, always has room. One that makes a file
    /// longer writes what there is room for, and fails; allocating fails without an effect, and so does
    /// creating a file.</remarks>
    public long? CapacityBytes { get; set; }

    /// <summary>How many bytes the files have, holes and open files without a name included.</summary>
    public long UsedBytes
    {
        get
        {
            long used = 0;
            foreach (SimulatedInode inode in _names.Seen.Values)
            {
                used += inode.Seen.Length;
            }

            foreach (SimulatedInode inode in _orphans)
            {
                used += inode.Seen.Length;
            }

            return used;
        }
    }

    /// <summary>The next write to a file whose name begins so is reported to be done and seen, and never
    /// reaches the medium (D10).</summary>
    public void LoseNextWrite(string beginning = "") => _lostIn = beginning;

    /// <summary>The next write to a file whose name begins so is reported to be done and seen, and on the
    /// medium it is at another place, at once (D8).</summary>
    public void MisdirectNextWrite(string toName, long toOffset, string beginning = "") =>
        (_misdirectedIn, _victim, _victimOffset) = (beginning, Find(toName), toOffset);

    /// <summary>The next bytes that are read of a file whose name begins so have one bit wrong, in their
    /// middle; the medium is in order (D9).</summary>
    public void MisreadNext(string beginning = "") => _misreadIn = beginning;

    /// <summary>Flips one bit on the medium (D4 to D7, D25).</summary>
    /// <remarks>Seen at once, but where a newer byte waits to be written.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The medium has no such byte.</exception>
    public void FlipBit(string name, long offset, int bit)
    {
        SimulatedInode inode = Find(name);
        RefuseOutside(inode, offset, 1);
        inode.Damage(offset, (byte)(inode.Medium[(int)offset] ^ (1 << bit)));
    }

    /// <summary>Zeroes bytes on the medium (D4 to D7).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The medium has no such bytes.</exception>
    public void ZeroRange(string name, long offset, long count)
    {
        SimulatedInode inode = Find(name);
        RefuseOutside(inode, offset, count);
        for (long at = offset; at < offset + count; at++)
        {
            if (inode.Medium[(int)at] != 0)
            {
                inode.Damage(at, 0);
            }
        }
    }

    /// <summary>Cuts a file on the medium (D7).</summary>
    public void TruncateFile(string name, long length) => Find(name).DamageLength(length);

    /// <summary>Puts a file on the medium, in place of the one of this name (D17, D18).</summary>
    public void Put(string name, ReadOnlySpan<byte> content)
    {
        SimulatedInode? replaced = _names.Seen.GetValueOrDefault(name);
        _names.Force(name, SimulatedInode.OnMedium(content));
        Unlinked(replaced);
    }

    /// <summary>Removes a file from the medium (D17, D18).</summary>
    public void Remove(string name)
    {
        SimulatedInode removed = Find(name);
        _names.Force(name, inode: null);
        Unlinked(removed);
    }

    /// <summary>A copy of a file as it is seen.</summary>
    public byte[] Content(string name) => Find(name).Seen.ToArray();

    /// <summary>A copy of a file as it is on the medium.</summary>
    public byte[] Medium(string name) => Find(name).Medium.ToArray();

    /// <summary>How long a file is on the medium: the offsets at which it can be damaged.</summary>
    public int MediumLength(string name) => Find(name).Medium.Length;

    /// <summary>Forgets what was read and written: every file is seen as it is on the medium, with what waits
    /// to be written there (D1, D9, D10).</summary>
    public void DropCaches()
    {
        foreach (SimulatedInode inode in _names.Seen.Values)
        {
            inode.DropCache();
        }

        foreach (SimulatedInode inode in _orphans)
        {
            inode.DropCache();
        }
    }

    /// <summary>How many of the bytes by which a file is to grow there is no room for.</summary>
    internal long Missing(long growth) =>
        CapacityBytes is { } capacity && growth > 0
            ? Math.Max(0, growth - Math.Max(0, capacity - UsedBytes))
            : 0;

    /// <summary>The error of a disk that is full.</summary>
    internal IOException Full(string name) => new(
        IsReadOnly
            ? $"Could not write {name}: read-only file system."
            : $"Could not write {name}: no space left on device.");

    /// <summary>Writes to where the disk writes it.</summary>
    internal void Write(SimulatedInode inode, string name, ReadOnlySpan<byte> bytes, long offset)
    {
        if (TakeIf(ref _lostIn, name))
        {
            inode.WriteSeen(bytes, offset);
        }
        else if (TakeIf(ref _misdirectedIn, name))
        {
            inode.WriteSeen(bytes, offset);
            _victim?.WriteMedium(bytes, _victimOffset);
        }
        else
        {
            inode.Write(NextSequence(), bytes, offset);
        }
    }

    /// <summary>Fails a read, if it is to.</summary>
    internal void FailReadIfDue(string name)
    {
        ThrowIfOff();
        if (IsErrorIn("read", name, null))
        {
            throw new IOException($"Could not read {name}: input/output error.");
        }
    }

    private void ReportLogError(string? name)
    {
        if (name is not null && name.StartsWith("log.", StringComparison.Ordinal))
        {
            OnLogError?.Invoke();
        }
    }

    /// <summary>Spoils what was read, if it is to.</summary>
    internal void Misread(string name, Span<byte> bytes)
    {
        if (TakeIf(ref _misreadIn, name))
        {
            bytes[bytes.Length / 2] ^= 1;
        }
    }

    private static bool TakeIf(ref string? beginning, string name)
    {
        if (beginning is null || !name.StartsWith(beginning, StringComparison.Ordinal))
        {
            return false;
        }

        beginning = null;
        return true;
    }

    private static void RefuseOutside(SimulatedInode inode, long offset, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + count, inode.Medium.Length);
    }

    private bool IsErrorIn(string verb, string? name, string? other) =>
        ErrorIn is { } beginning
        && Describe(verb, name, other).StartsWith(beginning, StringComparison.Ordinal);
}
