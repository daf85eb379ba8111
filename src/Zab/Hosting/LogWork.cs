using Zab.Core.Ports;
using Zab.Core.Primitives;

namespace Zab.Hosting;

/// <summary>Something that the log thread does with the store.</summary>
internal abstract record LogWork
{
    /// <summary>Appends records, after which there are <paramref name="RecordsAfter"/> in all.</summary>
    public sealed record Append(IReadOnlyList<LogRecord> Records, long RecordsAfter) : LogWork;

    /// <summary>Begins a snapshot; the writer belongs to whoever awaits it.</summary>
    public sealed record BeginSnapshot(LogPosition Position, TaskCompletionSource<ISnapshotWriter> Writer) : LogWork;

    /// <summary>Removes what the retention rules no longer want.</summary>
    public sealed record Purge : LogWork;
}
