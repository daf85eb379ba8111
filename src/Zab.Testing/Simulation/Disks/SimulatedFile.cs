using Zab.Storage.Io;

namespace Zab.Testing.Simulation.Disks;

/// <summary>An open file of a <see cref="SimulatedDisk"/>. It dies with the process that opened it.</summary>
internal sealed class SimulatedFile : IStorageFile
{
    private readonly SimulatedDisk _disk;
    private readonly string _name;
    private readonly SimulatedInode _inode;
    private readonly int _process;
    private bool _isClosed;

    public SimulatedFile(SimulatedDisk disk, string name, SimulatedInode inode)
    {
        _disk = disk;
        _name = name;
        _inode = inode;
        _process = disk.Process;
        inode.Handles++;
    }

    public long Length => _inode.Seen.Length;

    public int Read(Span<byte> buffer, long offset)
    {
        ThrowIfDead();
        _disk.FailReadIfDue(_name);
        ReadOnlySpan<byte> seen = _inode.Seen;
        int read = (int)Math.Clamp(seen.Length - offset, 0, buffer.Length);
        if (read > 0)
        {
            seen.Slice((int)offset, read).CopyTo(buffer);
            _disk.Misread(_name, buffer[..read]);
        }

        return read;
    }

    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        ThrowIfDead();
        if (_disk.FailsNow("write", _name))
        {
            _inode.Write(_disk.NextSequence(), bytes[..(bytes.Length / 2)], offset); // D2: in part
            throw _disk.Full(_name);
        }

        int room = (int)Math.Max(0, bytes.Length - _disk.Missing(offset + bytes.Length - Length));
        _disk.Write(_inode, _name, bytes[..room], offset);
        _disk.StopIfDue();
        if (room < bytes.Length)
        {
            throw _disk.Full(_name);
        }
    }

    public void Allocate(long bytes)
    {
        ThrowIfDead();
        if (_disk.FailsNow("allocate", _name) || _disk.Missing(bytes - Length) > 0)
        {
            throw _disk.Full(_name);
        }

        _inode.Extend(_disk.NextSequence(), bytes);
        _disk.StopIfDue();
    }

    public void Flush()
    {
        ThrowIfDead();
        if (_disk.FailsNow("flush", _name))
        {
            _inode.ForgetPending();
            if (_disk.RevertsOnFailedFlush)
            {
                _inode.DropCache();
            }

            throw new IOException($"Could not flush {_name}: input/output error.");
        }

        _disk.StopIfDue(); // before the effect: a flush that did not return promises nothing
        _inode.Flush();
    }

    public void Dispose()
    {
        if (!_isClosed)
        {
            _isClosed = true;
            _disk.Closed(_inode, _process);
        }
    }

    private void ThrowIfDead()
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        if (_process != _disk.Process)
        {
            throw new PowerLossException();
        }
    }
}
