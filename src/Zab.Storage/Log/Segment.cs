using Zab.Core.Primitives;
using Zab.Storage.Format;

namespace Zab.Storage.Log;

/// <summary>One file of the log.</summary>
internal sealed class Segment(FileHeader header)
{
    /// <summary>Its header.</summary>
    public FileHeader Header { get; } = header;

    /// <summary>Its file.</summary>
    public string Name => FileNames.Segment(Header.Number);

    /// <summary>The position from which the live history can be rebuilt when reading begins here; null when
    /// it cannot, because the history was cut back, or replaced, behind the beginning of this
    /// segment.</summary>
    public LogPosition? Start { get; private set; } = header.Base;

    /// <summary>The history was cut back to a position by a record in this segment or a later one.</summary>
    public void OnTruncated(LogPosition position)
    {
        if (Start is { } start && start.Zxid > position.Zxid)
        {
            Start = null;
        }
    }

    /// <summary>The history was replaced by a record in this segment (its first) or a later one.</summary>
    public void OnInstalled(LogPosition position, bool here) => Start = here ? position : null;
}
