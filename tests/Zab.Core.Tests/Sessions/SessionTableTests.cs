using System.Text;
using Zab.Core.Primitives;
using Zab.Core.Sessions;
using Zab.Core.Tree;

namespace Zab.Core.Tests.Sessions;

public class SessionTableTests
{
    [Fact]
    public void Sessions_are_sorted_as_unsigned_numbers()
    {
        WriteToken token = new();
        SessionTable table = default;
        foreach (long id in (long[])[3, -1, 0x0100000000000000, 256, 1, long.MinValue + 1])
        {
            table = table.With(new SessionRecord(new SessionId(id), timeoutMs: 1), token);
        }

        Assert.Equal(
            [1, 3, 256, 0x0100000000000000, long.MinValue + 1, -1], table.All.Select(
                session => session.Id.Value));
    }

    [Fact]
    public void A_table_is_a_value()
    {
        SessionRecord session = new(new SessionId(7), timeoutMs: 100);
        SessionTable before = default(SessionTable).With(session, new WriteToken());
        WriteToken token = new();

        SessionTable after = before.With(session.With("/a"u8, token).With("/b"u8, token), token);
        SessionTable none = after.Without(session, new WriteToken());

        Assert.True(before.TryGet(session.Id, out SessionRecord? old));
        Assert.True(after.TryGet(session.Id, out SessionRecord? changed));
        Assert.Equal((0, 0), (old.Ephemerals.Count, old.EphemeralBytes));
        Assert.Equal((2, 4), (changed.Ephemerals.Count, changed.EphemeralBytes));
        Assert.Equal((1, 1, 0), (before.Count, after.Count, none.Count));
        Assert.False(none.Contains(session.Id));
    }

    [Fact]
    public void A_session_lists_its_ephemeral_nodes_in_the_order_of_their_bytes()
    {
        WriteToken token = new();
        SessionRecord session = new(new SessionId(7), timeoutMs: 100);
        session = session.With("/b"u8, token).With("/a/x"u8, token).With("/a"u8, token).Without(
            "/b"u8, token);

        List<string> paths = [];
        foreach (NodePath path in session.Ephemerals)
        {
            paths.Add(Encoding.UTF8.GetString(path.Key));
        }

        Assert.Equal(["/a", "/a/x"], paths);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(long.MinValue, false)]
    [InlineData(long.MinValue + 1, true)]
    [InlineData(-1, false)]
    [InlineData(unchecked((long)0xFE00000000000001), true)]
    [InlineData(unchecked((long)0xFF00000000000001), false)]
    public void Some_numbers_are_no_session(long id, bool usable) =>
        Assert.Equal(usable, SessionTable.IsUsable(new SessionId(id)));
}
