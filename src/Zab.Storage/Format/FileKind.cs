namespace Zab.Storage.Format;

/// <summary>What a file of a store holds.</summary>
internal enum FileKind
{
    /// <summary>A segment of the log.</summary>
    Segment = 1,

    /// <summary>A snapshot of the server's own state: the log has its position.</summary>
    Snapshot = 2,

    /// <summary>A snapshot that came from a leader: it counts only once the log says that it was
    /// installed.</summary>
    IncomingSnapshot = 3,
}
