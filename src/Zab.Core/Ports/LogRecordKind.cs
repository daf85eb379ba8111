namespace Zab.Core.Ports;

/// <summary>The kinds of records in a server's log.</summary>
public enum LogRecordKind
{
    /// <summary>A transaction: <see cref="LogRecord.Position"/> is its zxid and the hash up to and including
    /// it.</summary>
    Entry = 1,

    /// <summary>The server's two epochs from here on.</summary>
    Epochs = 2,

    /// <summary>Every entry after <see cref="LogRecord.Position"/> is void.</summary>
    Truncate = 3,

    /// <summary>Entries up to <see cref="LogRecord.Position"/> are known to be committed. A hint: it may lag,
    /// and needs no flush.</summary>
    Commit = 4,

    /// <summary>A snapshot at <see cref="LogRecord.Position"/> begins to arrive from the leader; it is staged
    /// aside.</summary>
    SnapshotBegin = 5,

    /// <summary>The next chunk of the snapshot that is being staged.</summary>
    SnapshotChunk = 6,

    /// <summary>The staged snapshot is complete and replaces the whole history: the log goes on from
    /// <see cref="LogRecord.Position"/>.</summary>
    SnapshotInstall = 7,
}
