using System;
using Zab.Core.Primitives;

namespace Zab.Core.Ports;

/// <summary>One record of the single ordered stream that a server writes to its disk (R2).</summary>
/// <remarks>Immutable; the memory behind <see cref="Body"/> is never written to once the record
/// exists.</remarks>
public readonly record struct LogRecord
{
    /// <summary>The kind of record.</summary>
    public required LogRecordKind Kind { get; init; }

    /// <summary>The place in the history that the record is about; default for
    /// <see cref="LogRecordKind.Epochs"/> and <see cref="LogRecordKind.SnapshotChunk"/>.</summary>
    public LogPosition Position { get; init; }

    /// <summary>The epochs, for <see cref="LogRecordKind.Epochs"/>.</summary>
    public Epochs Epochs { get; init; }

    /// <summary>The transaction of an entry, or the bytes of a chunk.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>An entry of the history.</summary>
    /// <param name="position">Its zxid, and the hash up to and including it.</param>
    /// <param name="body">Its bytes.</param>
    /// <returns>The record.</returns>
    public static LogRecord Entry(LogPosition position, ReadOnlyMemory<byte> body) =>
        new() { Kind = LogRecordKind.Entry, Position = position, Body = body };

    /// <summary>A change of the server's epochs.</summary>
    /// <param name="epochs">The epochs from here on.</param>
    /// <returns>The record.</returns>
    public static LogRecord EpochChange(Epochs epochs) =>
        new() { Kind = LogRecordKind.Epochs, Epochs = epochs };

    /// <summary>The end of everything after a position.</summary>
    /// <param name="position">The last position that stays.</param>
    /// <returns>The record.</returns>
    public static LogRecord Truncate(LogPosition position) =>
        new() { Kind = LogRecordKind.Truncate, Position = position };

    /// <summary>A note of how far the history is committed.</summary>
    /// <param name="position">The last committed position.</param>
    /// <returns>The record.</returns>
    public static LogRecord Commit(LogPosition position) =>
        new() { Kind = LogRecordKind.Commit, Position = position };

    /// <summary>The start of a snapshot that comes from the leader.</summary>
    /// <param name="position">The position of the snapshot.</param>
    /// <returns>The record.</returns>
    public static LogRecord SnapshotBegin(LogPosition position) =>
        new() { Kind = LogRecordKind.SnapshotBegin, Position = position };

    /// <summary>The next piece of it.</summary>
    /// <param name="body">The bytes; they mean nothing to the store.</param>
    /// <returns>The record.</returns>
    public static LogRecord SnapshotChunk(ReadOnlyMemory<byte> body) =>
        new() { Kind = LogRecordKind.SnapshotChunk, Body = body };

    /// <summary>The switch to the staged snapshot.</summary>
    /// <param name="position">The position of the snapshot, as it began.</param>
    /// <returns>The record.</returns>
    public static LogRecord SnapshotInstall(LogPosition position) =>
        new() { Kind = LogRecordKind.SnapshotInstall, Position = position };
}
