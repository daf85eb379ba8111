using System.Globalization;
using System.Text;
using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Tree;

namespace Zab.Cli.Shell;

/// <summary>How results look: as ZooKeeper's shell prints them, as scripts read them.</summary>
internal static class ShellText
{
    private const int BytesInRow = 16;

    /// <summary>A zxid in hexadecimal.</summary>
    public static string Of(Zxid zxid) => $"0x{zxid.Value:x}";

    /// <summary>Names in brackets.</summary>
    public static string Of(IEnumerable<string> names) => $"[{string.Join(", ", names)}]";

    /// <summary>The 11 lines of a stat.</summary>
    public static string Of(Stat stat, TimeZoneInfo zone) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        cZxid = {Of(stat.Czxid)}
        ctime = {Time(stat.Ctime, zone)}
        mZxid = {Of(stat.Mzxid)}
        mtime = {Time(stat.Mtime, zone)}
        pZxid = {Of(stat.Pzxid)}
        cversion = {stat.Cversion}
        dataVersion = {stat.Version}
        aclVersion = {stat.Aversion}
        ephemeralOwner = {stat.EphemeralOwner}
        dataLength = {stat.DataLength}
        numChildren = {stat.NumChildren}
        """);

    /// <summary>Two lines for each entry.</summary>
    public static string Of(Acl acl) => string.Join('\n', acl.Select(
        entry => $"'{entry.Scheme},'{entry.Id}\n: {Permissions(entry.Permissions)}"));

    /// <summary>Data as text.</summary>
    public static string Of(ReadOnlyMemory<byte>? data) =>
        data is { } present ? Encoding.UTF8.GetString(present.Span) : "null";

    /// <summary>Data in base64.</summary>
    public static string Base64(ReadOnlyMemory<byte>? data) =>
        data is { } present ? Convert.ToBase64String(present.Span) : "null";

    /// <summary>Data as rows of 16 bytes: offset, hexadecimal, characters. The form is that of Netty, which
    /// ZooKeeper uses.</summary>
    public static string HexDump(ReadOnlyMemory<byte>? data)
    {
        if (data is not { } present)
            return "null";

        const string Ruler = "+--------+-------------------------------------------------+----------------+";
        StringBuilder text = new();
        text.Append("         +-------------------------------------------------+\n")
            .Append("         |  0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f |\n")
            .Append(Ruler);
        for (int offset = 0; offset < present.Length; offset += BytesInRow)
        {
            ReadOnlySpan<byte> row = present.Span[offset..int.Min(offset + BytesInRow, present.Length)];
            text.Append(CultureInfo.InvariantCulture, $"\n|{offset:x8}|");
            foreach (byte one in row)
            {
                text.Append(CultureInfo.InvariantCulture, $" {one:x2}");
            }

            text.Append(' ', ((BytesInRow - row.Length) * 3) + 1).Append('|');
            foreach (byte one in row)
            {
                text.Append(one is > 0x1f and < 0x7f ? (char)one : '.');
            }

            text.Append(' ', BytesInRow - row.Length).Append('|');
        }

        return text.Append('\n').Append(Ruler).ToString();
    }

    /// <summary>A time as Java's <c>Date</c> writes it.</summary>
    private static string Time(long milliseconds, TimeZoneInfo zone)
    {
        if (milliseconds < DateTimeOffset.MinValue.ToUnixTimeMilliseconds()
            || milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
        {
            return milliseconds.ToString(CultureInfo.InvariantCulture);
        }

        DateTimeOffset time = TimeZoneInfo.ConvertTime(
            DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), zone);
        return string.Create(
            CultureInfo.InvariantCulture, $"{time:ddd MMM dd HH:mm:ss} {ZoneName(time, zone)} {time:yyyy}");
    }

    private static string ZoneName(DateTimeOffset time, TimeZoneInfo zone)
    {
        string name = zone.IsDaylightSavingTime(time) ? zone.DaylightName : zone.StandardName;
        return zone.HasSameRules(TimeZoneInfo.Utc) ? "UTC"
            : name.Length > 0 && name.All(char.IsAsciiLetterUpper) ? name
            : string.Create(CultureInfo.InvariantCulture, $"GMT{time:zzz}");
    }

    private static string Permissions(AclPermissions permissions)
    {
        ReadOnlySpan<(AclPermissions Permission, char Letter)> letters =
        [
            (AclPermissions.Create, 'c'), (AclPermissions.Delete, 'd'), (AclPermissions.Read, 'r'),
            (AclPermissions.Write, 'w'), (AclPermissions.Admin, 'a'),
        ];
        StringBuilder text = new();
        foreach ((AclPermissions permission, char letter) in letters)
        {
            if (permissions.HasFlag(permission))
                text.Append(letter);
        }

        return text.ToString();
    }
}
