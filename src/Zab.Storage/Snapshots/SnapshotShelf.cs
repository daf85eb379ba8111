using Zab.Core.Primitives;
using Zab.Storage.Format;
using Zab.Storage.Io;
using Zab.Storage.Log;

namespace Zab.Storage.Snapshots;

/// <summary>The snapshots in a store's directory, and what is known of them.</summary>
/// <remarks>Each file is read to be verified at most once in the life of a process: they are long, and the
/// log waits meanwhile. May be used by several threads at once.</remarks>
/// <param name="io">The directory.</param>
/// <param name="store">The header of any segment: whose snapshots these must be.</param>
internal sealed class SnapshotShelf(IStorageIo io, FileHeader store)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<LogPosition, string?> _faults = []; // of what was read; null for none

    /// <summary>The positions of the snapshots that have their names, the newest first.</summary>
    public IReadOnlyList<LogPosition> List()
    {
        List<LogPosition> positions = [];
        foreach (string name in io.List())
        {
            if (FileNames.TryParseSnapshot(name, out LogPosition position))
            {
                positions.Add(position);
            }
        }

        positions.Sort((x, y) => x.Zxid != y.Zxid
            ? y.Zxid.CompareTo(x.Zxid)
            : x.Chain.Value.CompareTo(y.Chain.Value));
        return positions;
    }

    /// <summary>Whether <see cref="Fault"/> knows the answer without reading the file.</summary>
    public bool IsRead(LogPosition position)
    {
        lock (_gate)
        {
            return _faults.ContainsKey(position);
        }
    }

    /// <summary>What is wrong with a snapshot; null when nothing is, or was when it was read.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public string? Fault(LogPosition position)
    {
        lock (_gate)
        {
            if (_faults.TryGetValue(position, out string? known))
            {
                return known;
            }
        }

        string? fault = SnapshotFileReader.Fault(
            io, FileNames.Snapshot(position), HeaderFor(position, FileKind.Snapshot));
        lock (_gate)
        {
            // One that was published meanwhile has taken the place of what was read.
            _faults.TryAdd(position, fault);
            return _faults[position];
        }
    }

    /// <summary>Gives its name to a snapshot that is durable and was read back without a fault.</summary>
    /// <remarks>In one step with the note of it: who finds the name need not read the file.</remarks>
    public void Publish(LogPosition position, string temporaryName)
    {
        lock (_gate)
        {
            io.Rename(temporaryName, FileNames.Snapshot(position));
            _faults[position] = null;
        }
    }

    /// <summary>The header of a snapshot of this store.</summary>
    public FileHeader HeaderFor(LogPosition position, FileKind kind) => new()
    {
        Kind = kind,
        Identity = store.Identity,
        Salt = store.Salt,
        Number = position.Zxid.Value,
        Base = position,
    };

    /// <summary>Refuses a directory with snapshots that are not this store's, or that show that the log lost
    /// its end.</summary>
    /// <param name="state">The state that the log makes.</param>
    /// <exception cref="InvalidDataException">There is such a snapshot.</exception>
    public void RefuseStrangers(StreamState state)
    {
        foreach (LogPosition position in List())
        {
            string name = FileNames.Snapshot(position);
            using IStorageFile file = io.OpenRead(name);
            if (!StoredHeader.TryRead(file, out FileHeader? header) || header is null)
            {
                continue; // damaged; there may be another
            }

            _ = StoredHeader.Read(io, name, file, store.Identity);
            if (header.Salt != store.Salt)
            {
                throw Damage.In(io.Directory, $"{name} is from another directory than the log");
            }

            // Own snapshots are taken of what the log holds durably; one from a leader may wait for its
            // install record.
            if (header.Kind == FileKind.Snapshot && header.Base == position && position.Zxid > state.Highest)
            {
                throw Damage.In(
                    io.Directory,
                    $"{name} was taken of a log that went on at least to {position.Zxid}, and the " +
                    $"log ends at {state.Tail.Position.Zxid}");
            }
        }
    }

    /// <summary>The newest snapshot of the live history that is whole, and that the log reaches.</summary>
    /// <param name="state">The state that the log makes.</param>
    /// <param name="segments">The log.</param>
    /// <returns>Its position; null when there is none and the log begins at the beginning.</returns>
    /// <exception cref="InvalidDataException">There is none, and the log does not begin at the
    /// beginning.</exception>
    public LogPosition? Newest(StreamState state, SegmentList segments)
    {
        List<string> faults = [];
        foreach (LogPosition position in List().Where(position => IsReached(position, state, segments)))
        {
            if (Fault(position) is not { } fault)
            {
                return position;
            }

            faults.Add($"{FileNames.Snapshot(position)}: {fault}");
        }

        if (IsReached(LogPosition.Start, state, segments))
        {
            return null;
        }

        throw Damage.In(
            io.Directory, $"the log begins at {state.History.Base}, and no snapshot reaches it " +
            (faults.Count == 0 ? "(there is none)" : $"({string.Join("; ", faults)})"));
    }

    /// <summary>Whether a position is of the live history, and the log can be read from it on.</summary>
    public static bool IsReached(LogPosition position, StreamState state, SegmentList segments) =>
        state.History.Contains(position) && segments.IndexOfStart(position) >= 0;

    /// <summary>Deletes a snapshot.</summary>
    public void Delete(LogPosition position)
    {
        lock (_gate)
        {
            _faults.Remove(position);
            io.Delete(FileNames.Snapshot(position));
        }
    }
}
