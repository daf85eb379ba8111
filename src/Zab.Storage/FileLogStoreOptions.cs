namespace Zab.Storage;

/// <summary>How a <see cref="FileLogStore"/> keeps its files.</summary>
public sealed record FileLogStoreOptions
{
    private const int SegmentBytesMin = 16 * 1024;
    private const int SegmentBytesLimit = 1024 * 1024 * 1024;
    private const int RecordBytesMaxMin = 1024;
    private const int RecordBytesMaxLimit = 512 * 1024 * 1024;
    private const int SnapshotsRetainedMin = 2;

    /// <summary>The directory, for one server and one process. It is made if it is missing.</summary>
    public required string Directory { get; init; }

    /// <summary>The length of each file of the log, taken from the disk when the file is begun: from 16 KiB
    /// to 1 GiB. A file is longer when a single record needs it.</summary>
    public int SegmentBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>How many of the newest snapshots <see cref="FileLogStore.Purge"/> keeps, with the log from
    /// the oldest of them on: at least 2, so that there is another when the newest is damaged.</summary>
    public int SnapshotsRetained { get; init; } = 3;

    /// <summary>The longest body of a record, and the longest chunk of a snapshot, in bytes: from 1 KiB to
    /// 512 MiB. Lowering it does not make older records unreadable.</summary>
    public int RecordBytesMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>Refuses options that cannot work.</summary>
    /// <exception cref="ArgumentException">An option is out of its bounds; the message says which, and what
    /// to change.</exception>
    /// <param name="options">The options.</param>
    internal static void Validate(FileLogStoreOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Directory))
        {
            throw new ArgumentException(
                $"{nameof(Directory)} is empty. Set it to the directory that shall hold this server's log.",
                nameof(options));
        }

        RefuseOutside(
            options, nameof(SegmentBytes), options.SegmentBytes, SegmentBytesMin, SegmentBytesLimit);
        RefuseOutside(
            options, nameof(SnapshotsRetained), options.SnapshotsRetained,
            SnapshotsRetainedMin, int.MaxValue);
        RefuseOutside(
            options, nameof(RecordBytesMax), options.RecordBytesMax, RecordBytesMaxMin, RecordBytesMaxLimit);
    }

    private static void RefuseOutside(FileLogStoreOptions options, string option, int value, int min, int max)
    {
        if (value < min || value > max)
        {
            throw new ArgumentException(
                $"{option} is {value}. Set it to a value from {min} to {max}.", nameof(options));
        }
    }
}
