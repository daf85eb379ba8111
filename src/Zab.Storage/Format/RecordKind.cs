namespace Zab.Storage.Format;

/// <summary>The kinds of records in files. Those of the log are numbered as in
/// <see cref="Core.Ports.LogRecordKind"/>.</summary>
internal enum RecordKind
{
    /// <summary>An entry of the history.</summary>
    Entry = 1,

    /// <summary>A change of the epochs.</summary>
    Epochs = 2,

    /// <summary>The end of everything after a position.</summary>
    Truncate = 3,

    /// <summary>How far the history is committed.</summary>
    Commit = 4,

    /// <summary>A chunk; only in snapshot files.</summary>
    SnapshotChunk = 6,

    /// <summary>The switch to a snapshot that lies beside the log.</summary>
    SnapshotInstall = 7,

    /// <summary>The last record of a file that is complete.</summary>
    Seal = 32,
}
