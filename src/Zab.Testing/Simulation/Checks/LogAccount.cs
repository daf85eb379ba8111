using Zab.Core.Ports;
using Zab.Core.Primitives;

namespace Zab.Testing.Simulation.Checks;

/// <summary>What a stream of log records amounts to: the positions of the live history, and the
/// epochs.</summary>
/// <remarks>The simulator's own account, which knows nothing of the core's. Old positions are forgotten:
/// whatever lies before the first one is taken to be common.</remarks>
internal sealed class LogAccount
{
    private const int PositionsMax = 4096;
    private readonly List<LogPosition> _path = [];

    /// <summary>An account that begins after a position.</summary>
    public LogAccount(LogPosition start, Epochs epochs)
    {
        _path.Add(start);
        Epochs = epochs;
    }

    /// <summary>The end of the history.</summary>
    public LogPosition Head => _path[^1];

    /// <summary>The oldest position that is remembered.</summary>
    public LogPosition Base => _path[0];

    /// <summary>The epochs.</summary>
    public Epochs Epochs { get; private set; }

    /// <summary>An account of its own, equal to this one.</summary>
    public LogAccount Copy()
    {
        LogAccount copy = new(_path[0], Epochs);
        copy._path.AddRange(_path[1..]);
        return copy;
    }

    /// <summary>Whether the history goes through the position.</summary>
    public bool Contains(LogPosition position)
    {
        int index = IndexAfter(position.Zxid) - 1;
        return index < 0 || _path[index] == position;
    }

    /// <summary>The newest position not after the zxid; null when it is older than what is
    /// remembered.</summary>
    public LogPosition? At(Zxid zxid) => IndexAfter(zxid) is > 0 and int index ? _path[index - 1] : null;

    /// <summary>The position that follows; null at the end of the history.</summary>
    public LogPosition? Next(Zxid zxid) => IndexAfter(zxid) is int index && index < _path.Count
        ? _path[index]
        : null;

    /// <summary>Takes a record in, whatever it says.</summary>
    public void Take(in LogRecord record)
    {
        switch (record.Kind)
        {
            case LogRecordKind.Entry:
                _path.Add(record.Position);
                if (_path.Count > PositionsMax)
                {
                    _path.RemoveRange(0, PositionsMax / 2);
                }

                break;
            case LogRecordKind.Epochs:
                Epochs = record.Epochs;
                break;
            case LogRecordKind.Truncate:
                int end = IndexAfter(record.Position.Zxid);
                _path.RemoveRange(end, _path.Count - end);
                if (_path.Count == 0)
                {
                    _path.Add(record.Position);
                }

                break;
            case LogRecordKind.SnapshotInstall:
                _path.Clear();
                _path.Add(record.Position);
                break;
            case LogRecordKind.Commit:
            case LogRecordKind.SnapshotBegin:
            case LogRecordKind.SnapshotChunk:
            default:
                break;
        }
    }

    private int IndexAfter(Zxid zxid)
    {
        int low = 0;
        int high = _path.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_path[middle].Zxid <= zxid)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
