using Zab.Cli.Shell;
using Zab.Core.Primitives;
using Zab.Core.Tree;

namespace Zab.Cli.Tests.Shell;

public sealed class ShellTextTests
{
    private static readonly TimeZoneInfo s_berlin = TimeZoneInfo.CreateCustomTimeZone(
        "Berlin", TimeSpan.FromHours(1), "Berlin", "CET");

    private static readonly Stat s_stat = new(
        new Zxid(0x100000002), new Zxid(0x1ff), 1_795_937_721_000, -1, 3, -1, 2, new SessionId(-0x10), 4, 5, default);

    [Fact]
    public void A_stat_looks_as_in_ZooKeeper() => Assert.Equal(
        """
        cZxid = 0x100000002
        ctime = Sun Nov 29 07:35:21 UTC 2026
        mZxid = 0x1ff
        mtime = Wed Dec 31 23:59:59 UTC 1969
        pZxid = 0x0
        cversion = -1
        dataVersion = 3
        aclVersion = 2
        ephemeralOwner = 0xfffffffffffffff0
        dataLength = 4
        numChildren = 5
        """,
        ShellText.Of(s_stat, TimeZoneInfo.Utc));

    [Theory]
    [InlineData("CET", "ctime = Sun Nov 29 08:35:21 CET 2026")]
    [InlineData("Middle European Time", "ctime = Sun Nov 29 08:35:21 GMT+01:00 2026")]
    public void Times_are_told_in_the_zone_of_the_user(string name, string expected)
    {
        TimeZoneInfo zone = TimeZoneInfo.CreateCustomTimeZone("here", TimeSpan.FromHours(1), name, name);

        Assert.Equal(expected, ShellText.Of(s_stat, zone).Split('\n')[1]);
    }

    [Fact]
    public void A_time_that_no_calendar_has_is_shown_as_a_number() => Assert.Equal(
        "ctime = 9223372036854775807",
        ShellText.Of(s_stat with { Ctime = long.MaxValue }, s_berlin).Split('\n')[1]);

    [Fact]
    public void A_dump_shows_every_byte_and_hides_what_cannot_be_printed()
    {
        string[] rows = ShellText.HexDump(new byte[] { 0, 0x1f, 0x20, 0x7e, 0x7f, 0xff }).Split('\n');

        Assert.Equal(
            "|00000000| 00 1f 20 7e 7f ff                               |.. ~..          |", rows[3]);
        Assert.Equal(5, rows.Length);
        Assert.Equal("null", ShellText.HexDump(null));
        Assert.Equal(4, ShellText.HexDump(ReadOnlyMemory<byte>.Empty).Split('\n').Length);
    }
}
