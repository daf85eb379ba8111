using Zab.Core.Ports;
using Zab.Core.Primitives;

namespace Zab.Testing.Storage;

/// <summary>What a server would make of a <see cref="LogRecovery"/>: the records played from first to
/// last.</summary>
public sealed class RecoveredState
{
    private readonly List<LogRecord> _entries = [];

    private RecoveredState(LogPosition start, Epochs epochs)
    {
        Base = start;
        Epochs = epochs;
    }

    /// <summary>The position before the first entry.</summary>
    public LogPosition Base { get; private set; }

    /// <summary>The epochs at the end.</summary>
    public Epochs Epochs { get; private set; }

    /// <summary>The entries that stand at the end: of the live history, from <see cref="Base"/> on.</summary>
    public IReadOnlyList<LogRecord> Entries => _entries;

    /// <summary>The end of the history.</summary>
    public LogPosition Head => _entries.Count > 0 ? _entries[^1].Position : Base;

    /// <summary>The position of the last commit record that still stands; null when there is none.</summary>
    public LogPosition? Committed { get; private set; }

    /// <summary>The position of the snapshot; null when there is none.</summary>
    public LogPosition? Snapshot { get; private init; }

    /// <summary>The chunks of the snapshot.</summary>
    public required IReadOnlyList<ReadOnlyMemory<byte>> SnapshotChunks { get; init; }

    /// <summary>Plays a recovery, and checks that its parts fit together.</summary>
    /// <param name="recovery">What a store returned; both of its sequences are enumerated.</param>
    /// <returns>The state.</returns>
    /// <exception cref="ContractViolationException">A gap, a wrong hash, a truncation or a snapshot outside
    /// the history.</exception>
    public static RecoveredState Of(LogRecovery recovery)
    {
        ArgumentNullException.ThrowIfNull(recovery);
        RecoveredState state = new(recovery.Base, recovery.Epochs)
        {
            Snapshot = recovery.Snapshot,
            SnapshotChunks = [.. recovery.SnapshotChunks],
        };
        foreach (LogRecord record in recovery.Records)
        {
            state.Play(record);
        }

        Expect.That(
            recovery.Snapshot is { } position
                ? state.CountTo(position) >= 0
                : state.Base == LogPosition.Start,
            "The snapshot lies in the history that the records make, and without one the history begins at " +
            "the beginning");
        return state;
    }

    private void Play(LogRecord record)
    {
        switch (record.Kind)
        {
            case LogRecordKind.Entry:
                Expect.That(Head.Zxid.IsFollowedBy(record.Position.Zxid), "Entries come back without a gap");
                Expect.Equal(
                    Head.Chain.Extend(record.Position.Zxid, record.Body.Span), record.Position.Chain,
                    "Entries come back with the bytes that they were appended with");
                _entries.Add(record);
                break;
            case LogRecordKind.Epochs:
                Epochs = record.Epochs;
                break;
            case LogRecordKind.Truncate:
                int count = CountTo(record.Position);
                Expect.That(count >= 0, "A truncation cuts the history that came before it");
                _entries.RemoveRange(count, _entries.Count - count);
                Committed = Committed?.Zxid > record.Position.Zxid ? record.Position : Committed;
                break;
            case LogRecordKind.Commit:
                Committed = record.Position;
                break;
            case LogRecordKind.SnapshotInstall:
                _entries.Clear();
                Base = record.Position;
                break;
            case LogRecordKind.SnapshotBegin:
            case LogRecordKind.SnapshotChunk:
            default:
                throw new ContractViolationException($"A recovery has no records of kind {record.Kind}.");
        }
    }

    private int CountTo(LogPosition position)
    {
        if (position == Base)
        {
            return 0;
        }

        int index = _entries.FindIndex(entry => entry.Position == position);
        return index >= 0 ? index + 1 : -1;
    }
}
