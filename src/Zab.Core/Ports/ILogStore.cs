using System;
using System.Collections.Generic;
using System.IO;
using Zab.Core.Primitives;

namespace Zab.Core.Ports;

/// <summary>Keeps a server's log and snapshots. Plug in your own through
/// <c>ZabNodeOptions.LogStore</c>.</summary>
/// <remarks>
/// <para>What a store promises: when <see cref="Flush"/> returns, every record appended before it survives a
/// loss of power; records come back in the order in which they were appended, with nothing missing in the
/// middle; a tail that was not flushed may be lost, from some record on, and nothing else; damage is refused
/// with <see cref="InvalidDataException"/>, never skipped (R16).</para>
/// <para>Any exception from <see cref="Append"/> or <see cref="Flush"/> is final (R15): the node calls
/// neither again and stops.</para>
/// <para>One thread at a time calls the store, and calls may block. The one exception is
/// <see cref="CreateSnapshot"/>'s writer, which belongs to another thread. The contract tests in
/// <c>Zab.Testing</c> (<c>LogStoreContract</c>) check an implementation.</para>
/// </remarks>
public interface ILogStore : IDisposable
{
    /// <summary>Opens the store, for the first time or again, and reads and verifies what is there. Called
    /// once.</summary>
    /// <param name="identity">Whose log it is.</param>
    /// <returns>Everything durable.</returns>
    /// <exception cref="InvalidDataException">The store is damaged, or belongs to another server or
    /// ensemble.</exception>
    /// <exception cref="IOException">The store cannot be read or written, or another process has it
    /// open.</exception>
    LogRecovery Open(LogIdentity identity);

    /// <summary>Appends records, in order. They are durable after the next <see cref="Flush"/>.</summary>
    /// <param name="records">The records; the list belongs to the caller again when the call returns.</param>
    /// <exception cref="IOException">Writing failed.</exception>
    /// <exception cref="ArgumentException">An entry leaves a gap or its hash does not continue the history,
    /// or an epoch goes back: a bug of the caller. Nothing was written (R6).</exception>
    void Append(IReadOnlyList<LogRecord> records);

    /// <summary>Makes everything appended so far durable.</summary>
    /// <exception cref="IOException">It could not be done; nothing appended since the last flush may be
    /// relied on.</exception>
    void Flush();

    /// <summary>Begins a snapshot of this server's own state, written aside while appending goes
    /// on.</summary>
    /// <param name="position">The position of the snapshot: committed, and already appended to this
    /// store.</param>
    /// <returns>A writer, for one thread of the caller's choice.</returns>
    ISnapshotWriter CreateSnapshot(LogPosition position);

    /// <summary>Removes snapshots and records that the retention rules no longer want. Called after a
    /// snapshot was published.</summary>
    /// <exception cref="IOException">A file could not be removed; nothing needed is lost.</exception>
    void Purge();
}
