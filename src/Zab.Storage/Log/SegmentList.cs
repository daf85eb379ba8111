using Zab.Core.Ports;
using Zab.Core.Primitives;

namespace Zab.Storage.Log;

/// <summary>The segments of the log, oldest first, and from which of them the history can be
/// rebuilt.</summary>
internal sealed class SegmentList
{
    private readonly List<Segment> _segments = [];

    /// <summary>The segments, oldest first.</summary>
    public IReadOnlyList<Segment> All => _segments;

    /// <summary>The one that is written to.</summary>
    public Segment Newest => _segments[^1];

    /// <summary>Adds the segment that follows the newest.</summary>
    public void Add(Segment segment) => _segments.Add(segment);

    /// <summary>Forgets the oldest segment: its file is gone.</summary>
    public void RemoveOldest()
    {
        Check.Holds(_segments.Count > 1);
        _segments.RemoveAt(0);
    }

    /// <summary>Notes a record that is written, or was read, in the newest segment.</summary>
    public void On(in LogRecord record)
    {
        if (record.Kind == LogRecordKind.Truncate)
        {
            foreach (Segment segment in _segments)
            {
                segment.OnTruncated(record.Position);
            }
        }
        else if (record.Kind == LogRecordKind.SnapshotInstall)
        {
            foreach (Segment segment in _segments)
            {
                segment.OnInstalled(record.Position, here: segment == Newest);
            }
        }
    }

    /// <summary>The newest segment from which the history from <paramref name="position"/> on can be
    /// rebuilt.</summary>
    /// <param name="position">A position of the live history.</param>
    /// <returns>Its index; -1 when there is none.</returns>
    public int IndexOfStart(LogPosition position) =>
        _segments.FindLastIndex(segment => segment.Start is { } start && start.Zxid <= position.Zxid);
}
