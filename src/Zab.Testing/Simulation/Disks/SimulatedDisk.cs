using System.Buffers.Binary;
using Zab.Core.Primitives;
using Zab.Storage.Io;

namespace Zab.Testing.Simulation.Disks;

/// <summary>A directory on a disk in memory that loses power, fills up, fails and lies when it is told
/// to.</summary>
/// <remarks>
/// <para>Behaves like POSIX: an open file outlives its name, holes read as zeros, a file that is created
/// again is emptied. Every operation that changes something is counted, from 1.</para>
/// <para>The rows of faults that its members name (D1 to D25) are those of the project's catalogue of storage
/// faults. Chance comes from the seeds that are passed in alone. One thread.</para>
/// <para>A store whose machine or process was restarted is garbage: never call or dispose of it, since its
/// clean-up would delete files of its successor.</para>
/// </remarks>
/// <param name="seed">The seed of <see cref="NewSalt"/>: another one for every disk.</param>
internal sealed partial class SimulatedDisk(ulong seed = 0) : IStorageIo
{
    private readonly List<SimulatedInode> _orphans = []; // without a name, and open
    private readonly Prng _salts = new(seed);
    private NameTable _names = new();
    private object? _lock; // whose it is
    private long _sequence;
    private bool _isOff;

    /// <inheritdoc/>
    public string Directory => "/simulated";

    /// <summary>How many operations there were.</summary>
    public int Operations { get; private set; }

    /// <summary>Whether <see cref="Trace"/> and <see cref="Reads"/> are kept.</summary>
    public bool IsTraced { get; set; }

    /// <summary>What was done, for messages and for assertions on order.</summary>
    public List<string> Trace { get; } = [];

    /// <summary>The files that were opened for reading.</summary>
    public List<string> Reads { get; } = [];

    /// <summary>Which of the processes that one after the other use the disk is the present one.</summary>
    internal int Process { get; private set; }

    /// <inheritdoc/>
    public Guid NewSalt()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, _salts.Next());
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], _salts.Next());
        return new Guid(bytes);
    }

    /// <inheritdoc/>
    /// <remarks>Refuses a second process (D21).</remarks>
    public IDisposable Lock()
    {
        ThrowIfOff();
        if (_lock is not null)
        {
            throw new IOException("The directory is locked.");
        }

        Unlocker unlocker = new(this);
        _lock = unlocker;
        return unlocker;
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> List() => [.. _names.Seen.Keys];

    /// <inheritdoc/>
    public IStorageFile Create(string name)
    {
        FailIfDue("create", name);
        if (_names.Seen.TryGetValue(name, out SimulatedInode? inode))
        {
            inode.Empty(NextSequence());
        }
        else
        {
            if (Missing(1) > 0)
            {
                throw Full(name);
            }

            inode = new SimulatedInode();
            _names.Add(NextSequence(), removed: null, name, inode);
        }

        StopIfDue();
        return new SimulatedFile(this, name, inode);
    }

    /// <inheritdoc/>
    public IStorageFile OpenWrite(string name) => Open(name);

    /// <inheritdoc/>
    public IStorageFile OpenRead(string name)
    {
        if (IsTraced)
        {
            Reads.Add(name);
        }

        return Open(name);
    }

    /// <inheritdoc/>
    public void Rename(string from, string to)
    {
        FailIfDue("rename", from, to);
        SimulatedInode inode = Find(from);
        if (from != to)
        {
            _names.Seen.TryGetValue(to, out SimulatedInode? replaced);
            _names.Add(NextSequence(), from, to, inode);
            Unlinked(replaced);
        }

        StopIfDue();
    }

    /// <inheritdoc/>
    public void Delete(string name)
    {
        FailIfDue("delete", name);
        if (_names.Seen.TryGetValue(name, out SimulatedInode? inode))
        {
            _names.Add(NextSequence(), name, added: null, inode: null);
            Unlinked(inode);
        }

        StopIfDue();
    }

    /// <inheritdoc/>
    public void FlushDirectory()
    {
        FailIfDue("flush-directory");
        StopIfDue();
        _names.Flush();
    }

    /// <summary>Counts an operation, and says whether it is to fail.</summary>
    internal bool FailsNow(string verb, string? name = null, string? other = null)
    {
        ThrowIfOff();
        Operations++;
        if (IsTraced)
        {
            Trace.Add(Describe(verb, name, other));
        }

        if (PowerLossIn is { } beginning
            && Describe(verb, name, other).StartsWith(beginning, StringComparison.Ordinal)
            && PowerLossSkips-- <= 0)
        {
            PowerLossAt = Operations;
        }

        bool fails = Operations == ErrorAt || IsReadOnly || IsErrorIn(verb, name, other);
        if (fails && verb is "write" or "flush" or "allocate")
        {
            ReportLogError(name);
        }

        return fails;
    }

    /// <summary>Stops the machine, if it is time for it.</summary>
    internal void StopIfDue()
    {
        if (PowerLossAt > 0 && Operations >= PowerLossAt)
        {
            _isOff = true;
            throw new PowerLossException();
        }
    }

    /// <summary>The number of the next change, which says what came before what.</summary>
    internal long NextSequence() => ++_sequence;

    /// <summary>A file was closed by a process.</summary>
    internal void Closed(SimulatedInode inode, int process)
    {
        if (process == Process && --inode.Handles == 0)
        {
            _orphans.Remove(inode);
        }
    }

    private static string Describe(string verb, string? name, string? other) =>
        name is null ? verb : other is null ? $"{verb} {name}" : $"{verb} {name} {other}";

    private void ThrowIfOff()
    {
        if (_isOff)
        {
            throw new PowerLossException();
        }
    }

    private void FailIfDue(string verb, string? name = null, string? other = null)
    {
        if (FailsNow(verb, name, other))
        {
            throw new IOException($"Could not {Describe(verb, name, other)}: input/output error.");
        }
    }

    private SimulatedFile Open(string name)
    {
        ThrowIfOff();
        return IsErrorIn("open", name, null)
            ? throw new IOException($"Could not open {name}: input/output error.")
            : new SimulatedFile(this, name, Find(name));
    }

    private SimulatedInode Find(string name) =>
        _names.Seen.TryGetValue(name, out SimulatedInode? inode)
            ? inode
            : throw new FileNotFoundException($"There is no {name}.", name);

    private void Unlinked(SimulatedInode? inode)
    {
        if (inode is { Handles: > 0 } && !_names.Seen.ContainsValue(inode))
        {
            _orphans.Add(inode);
        }
    }

    private sealed class Unlocker(SimulatedDisk disk) : IDisposable
    {
        public void Dispose()
        {
            if (disk._lock == this)
            {
                disk._lock = null;
            }
        }
    }
}
