using Zab.Storage.Io;

namespace Zab.Storage.Tests.Support;

/// <summary>A directory on a disk that loses power, fills up and fails when it is told to.</summary>
/// <remarks>Every operation that changes something is counted, from 1. A power loss stops the machine in the
/// k-th: that one may have happened, wholly, in part, or not, like all before it that were not
/// flushed.</remarks>
internal sealed class SimulatedDisk : IStorageIo
{
    private readonly List<(string? Removed, string? Added, SimulatedInode? Inode)> _pending = [];
    private readonly Dictionary<string, SimulatedInode> _names = [];
    private Dictionary<string, SimulatedInode> _namesOnMedium = [];
    private bool _isLocked;
    private bool _isOff;

    public string Directory => "/simulated";

    /// <summary>How many operations there were.</summary>
    public int Operations { get; private set; }

    /// <summary>The operation in which the power is lost; 0 for never.</summary>
    public int PowerLossAt { get; set; }

    /// <summary>The operation that fails with an error; 0 for none.</summary>
    public int ErrorAt { get; set; }

    /// <summary>Every operation of this name or beginning, like "flush", fails; null for none.</summary>
    public string? ErrorIn { get; set; }

    /// <summary>What was done, for messages and for assertions on order.</summary>
    public List<string> Trace { get; } = [];

    /// <summary>The files that were opened for reading.</summary>
    public List<string> Reads { get; } = [];

    public static IOException Full(string name) => new($"Could not write {name}: no space left on device.");

    /// <summary>Restarts the machine after a loss of power.</summary>
    public void Restart(PowerLoss loss, int seed = 0)
    {
        Random random = new(seed);
        if (loss != PowerLoss.KeepsAll)
        {
            _names.Clear();
            foreach ((string name, SimulatedInode inode) in _namesOnMedium)
            {
                _names[name] = inode;
            }

            foreach ((string? removed, string? added, SimulatedInode? inode) in _pending)
            {
                if (loss == PowerLoss.KeepsSome && random.Next(2) == 0)
                {
                    Change(removed, added, inode);
                }
            }
        }

        foreach (SimulatedInode inode in _names.OrderBy(item => item.Key, StringComparer.Ordinal)
            .Select(item => item.Value).Distinct())
        {
            inode.LosePower(loss, random);
        }

        ApplyNames();
        (_isLocked, _isOff, PowerLossAt, ErrorAt, ErrorIn) = (false, false, 0, 0, null);
    }

    /// <summary>Restarts the process, not the machine: what was not flushed, or forgotten by a failed flush,
    /// is still seen, and still not on the medium.</summary>
    public void RestartProcess() => (_isLocked, ErrorAt, ErrorIn) = (false, 0, null);

    /// <summary>A disk with the same content, which goes its own way.</summary>
    public SimulatedDisk Copy()
    {
        SimulatedDisk copy = new();
        foreach ((string name, SimulatedInode inode) in _names)
        {
            copy.Put(name, inode.Content);
        }

        return copy;
    }

    /// <summary>Puts a file on the medium.</summary>
    public void Put(string name, ReadOnlySpan<byte> content)
    {
        SimulatedInode inode = new();
        inode.Write(content, 0);
        inode.Flush();
        _names[name] = inode;
        ApplyNames();
    }

    /// <summary>The bytes of a file, to be looked at or damaged.</summary>
    public byte[] Content(string name) => _names[name].Content;

    public void Remove(string name)
    {
        _names.Remove(name);
        ApplyNames();
    }

    public IDisposable Lock()
    {
        if (_isLocked)
        {
            throw new IOException("The directory is locked.");
        }

        _isLocked = true;
        return new Unlocker(this);
    }

    public IReadOnlyList<string> List() => [.. _names.Keys.Order(StringComparer.Ordinal)];

    public IStorageFile Create(string name)
    {
        FailIfDue($"create {name}");
        SimulatedInode inode = new();
        AddPending(removed: null, name, inode);
        StopIfDue();
        return new SimulatedFile(this, name, inode);
    }

    public IStorageFile OpenWrite(string name) => new SimulatedFile(this, name, _names[name]);

    public IStorageFile OpenRead(string name)
    {
        Reads.Add(name);
        return new SimulatedFile(this, name, _names[name]);
    }

    public void Rename(string from, string to)
    {
        FailIfDue($"rename {from} {to}");
        AddPending(from, to, _names[from]);
        StopIfDue();
    }

    public void Delete(string name)
    {
        FailIfDue($"delete {name}");
        AddPending(name, added: null, inode: null);
        StopIfDue();
    }

    public void FlushDirectory()
    {
        FailIfDue("flush-directory");
        StopIfDue();
        ApplyNames();
    }

    /// <summary>Counts an operation, and says whether it is to fail.</summary>
    internal bool FailsNow(string operation)
    {
        if (_isOff)
        {
            throw new PowerLossException();
        }

        Operations++;
        Trace.Add(operation);
        return Operations == ErrorAt
            || (ErrorIn is { } prefix && operation.StartsWith(prefix, StringComparison.Ordinal));
    }

    /// <summary>Stops the machine, if this is the operation for it.</summary>
    internal void StopIfDue()
    {
        if (Operations == PowerLossAt)
        {
            _isOff = true;
            throw new PowerLossException();
        }
    }

    private void FailIfDue(string operation)
    {
        if (FailsNow(operation))
        {
            throw new IOException($"Could not {operation}: input/output error.");
        }
    }

    private void AddPending(string? removed, string? added, SimulatedInode? inode)
    {
        _pending.Add((removed, added, inode));
        Change(removed, added, inode);
    }

    private void Change(string? removed, string? added, SimulatedInode? inode)
    {
        if (removed is not null)
        {
            _names.Remove(removed);
        }

        if (added is not null && inode is not null)
        {
            _names[added] = inode;
        }
    }

    private void ApplyNames()
    {
        _pending.Clear();
        _namesOnMedium = new Dictionary<string, SimulatedInode>(_names);
    }

    private sealed class Unlocker(SimulatedDisk disk) : IDisposable
    {
        public void Dispose() => disk._isLocked = false;
    }
}
