using System.Globalization;
using Zab.Core.Primitives;

namespace Zab.Storage.Format;

/// <summary>The names of a store's files.</summary>
internal static class FileNames
{
    /// <summary>The end of the name of a file that is not complete yet; such files are deleted when the store
    /// is opened.</summary>
    public const string TemporarySuffix = ".tmp";

    /// <summary>The snapshot that is arriving from the leader.</summary>
    public const string Incoming = "incoming.tmp";

    private const string SegmentPrefix = "log.";
    private const string SnapshotPrefix = "snapshot.";
    private const int HexDigits = 16;

    /// <summary>The name of a segment: <c>log.</c> and its number.</summary>
    public static string Segment(long number) => $"{SegmentPrefix}{number:x16}";

    /// <summary>The name of a snapshot: <c>snapshot.</c>, the zxid, and the chain hash.</summary>
    /// <remarks>The hash keeps a snapshot that comes from a leader from replacing one of the same zxid in
    /// another history before the log says so.</remarks>
    public static string Snapshot(LogPosition position) =>
        $"{SnapshotPrefix}{position.Zxid.Value:x16}.{position.Chain.Value:x16}";

    /// <summary>Whether a name is that of a file of ours that is not complete.</summary>
    public static bool IsTemporary(string name) =>
        name == Incoming
        || (name.EndsWith(TemporarySuffix, StringComparison.Ordinal)
            && (TryParseSegment(name[..^TemporarySuffix.Length], out _)
                || TryParseSnapshot(name[..^TemporarySuffix.Length], out _)));

    /// <summary>Whether a name is that of a segment, and of which.</summary>
    public static bool TryParseSegment(string name, out long number)
    {
        number = 0;
        return name.StartsWith(SegmentPrefix, StringComparison.Ordinal)
            && TryParseHex(name.AsSpan(SegmentPrefix.Length), out number)
            && name == Segment(number);
    }

    /// <summary>Whether a name is that of a snapshot, and of which.</summary>
    public static bool TryParseSnapshot(string name, out LogPosition position)
    {
        position = default;
        if (!name.StartsWith(SnapshotPrefix, StringComparison.Ordinal)
            || name.Length != SnapshotPrefix.Length + HexDigits + 1 + HexDigits
            || !TryParseHex(name.AsSpan(SnapshotPrefix.Length, HexDigits), out long zxid)
            || !TryParseHex(name.AsSpan(name.Length - HexDigits), out long chain))
        {
            return false;
        }

        position = new LogPosition(new Zxid(zxid), new ChainHash((ulong)chain));
        return name == Snapshot(position);
    }

    private static bool TryParseHex(ReadOnlySpan<char> text, out long value) =>
        long.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}
