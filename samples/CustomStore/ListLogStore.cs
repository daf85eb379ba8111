using Zab.Core.Ports;

namespace CustomStore;

/// <summary>A log in a list. It is durable in name only: use it to see the shape of a store.</summary>
internal sealed class ListLogStore : ILogStore
{
    private readonly List<LogRecord> _records = [];

    public LogRecovery Open(LogIdentity identity) => new()
    {
        Base = default, Epochs = default, Snapshot = null, SnapshotChunks = [], Records = [.. _records],
    };

    public void Append(IReadOnlyList<LogRecord> records) => _records.AddRange(records);
    public void Flush() { } // A real one returns when all that was appended would survive a loss of power.
    public void Purge() { } // Nothing is ever removed.
    public void Dispose() => _records.Clear();

    public ISnapshotWriter CreateSnapshot(LogPosition position) =>
        throw new NotSupportedException("This store keeps its whole log: the node notes it, and goes on.");
}
