namespace Zab.Testing.Simulation.Disks;

/// <summary>The content of a simulated file: as it is seen, as it is on the medium, and what lies
/// between.</summary>
/// <remarks>Has no name of its own: a file that was deleted or replaced while it was open goes on here, and
/// nobody else sees it (ZB-10).</remarks>
internal sealed class SimulatedInode
{
    private readonly PendingWrites _pending = new();
    private FileBytes _seen;
    private FileBytes _medium;

    /// <summary>An empty file that is not on the medium.</summary>
    public SimulatedInode()
        : this(new FileBytes())
    {
    }

    private SimulatedInode(FileBytes medium)
    {
        _medium = medium;
        _seen = medium.Copy();
    }

    /// <summary>The content as a process sees it, until the next change.</summary>
    public ReadOnlySpan<byte> Seen => _seen.Span;

    /// <summary>The content on the medium, until the next change.</summary>
    public ReadOnlySpan<byte> Medium => _medium.Span;

    /// <summary>How many open files there are of it.</summary>
    public int Handles { get; set; }

    /// <summary>A file that is on the medium.</summary>
    public static SimulatedInode OnMedium(ReadOnlySpan<byte> content)
    {
        FileBytes medium = new();
        medium.Write(content, 0);
        return new SimulatedInode(medium);
    }

    /// <summary>Writes what the next flush makes durable.</summary>
    public void Write(long sequence, ReadOnlySpan<byte> bytes, long offset)
    {
        _seen.Write(bytes, offset);
        _pending.AddWrite(sequence, bytes, offset);
    }

    /// <summary>A write that is seen, and never reaches the medium.</summary>
    public void WriteSeen(ReadOnlySpan<byte> bytes, long offset) => _seen.Write(bytes, offset);

    /// <summary>A write that reaches the medium at once, and is not seen while the machine runs.</summary>
    public void WriteMedium(ReadOnlySpan<byte> bytes, long offset) => _medium.Write(bytes, offset);

    /// <summary>Makes the file longer, with zeros.</summary>
    public void Extend(long sequence, long length)
    {
        _seen.Extend(length);
        _pending.AddExtend(sequence, length);
    }

    /// <summary>Empties the file.</summary>
    public void Empty(long sequence)
    {
        _seen.Truncate(0);
        _pending.AddTruncate(sequence, 0);
    }

    /// <summary>Takes to the medium what is pending, and nothing that a failed flush forgot.</summary>
    public void Flush()
    {
        _pending.ApplyTo(_medium);
        _pending.Clear();
    }

    /// <summary>A failed flush: what was pending will never be written, though it is still seen until
    /// <see cref="DropCache"/> or a restart.</summary>
    public void ForgetPending() => _pending.Clear();

    /// <summary>Sees again what is on the medium, and what is to be written there.</summary>
    public void DropCache()
    {
        _seen = _medium.Copy();
        _pending.ApplyTo(_seen);
    }

    /// <summary>The file as it is found after a loss of power. This one stays as it is.</summary>
    public SimulatedInode After(in Outage outage)
    {
        FileBytes medium = _medium.Copy();
        _pending.ApplyTo(medium, outage);
        return new SimulatedInode(medium);
    }

    /// <summary>Adds the number of each pending change to <paramref name="sequences"/>.</summary>
    public void NumbersTo(List<long> sequences) => _pending.NumbersTo(sequences);

    /// <summary>Changes a byte on the medium; it is seen at once, but where a newer one waits to be
    /// written.</summary>
    public void Damage(long offset, byte value)
    {
        byte before = _medium.Span[checked((int)offset)];
        _medium.Write([value], offset);
        if (offset < _seen.Length && _seen.Span[(int)offset] == before)
        {
            _seen.Write([value], offset);
        }
    }

    /// <summary>Cuts off the end of the file, on the medium and seen.</summary>
    public void DamageLength(long length)
    {
        _medium.Truncate(length);
        _seen.Truncate(length);
    }
}
