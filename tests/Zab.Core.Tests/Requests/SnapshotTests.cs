using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Sessions;
using Zab.Core.Tree;

namespace Zab.Core.Tests.Requests;

public class SnapshotTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(3, 100)]
    [InlineData(4, 1_000)]
    [InlineData(5, 262_144)]
    public void A_state_comes_back_from_its_bytes_at_every_step(int seed, int chunkBytes)
    {
        Workbench bench = new();
        RandomRequests requests = new(seed);
        for (int i = 0; i < 300; i++)
        {
            bench.Do(requests.NextOfAll(), timeMs: i);
            if (!requests.Random.OneIn(3))
                continue;

            DataState state = bench.Writer.Freeze();
            byte[] bytes = BytesOf(state, chunkBytes);
            DataState read = Read(bytes, chunkBytes);

            Assert.Equal(bytes, BytesOf(read, chunkBytesMax: 77));
            Assert.Equal(state.LastZxid, read.LastZxid);
            Assert.Equal(state.Tree.NodeCount, read.Tree.NodeCount);
            Assert.Equal(
                state.Tree.Descendants("/").Select(node => (node.Path, node.Node.Stat)),
                read.Tree.Descendants("/").Select(node => (node.Path, node.Node.Stat)));
            Assert.Equal(state.Sessions.All.Select(Describe), read.Sessions.All.Select(Describe));
        }
    }

    [Fact]
    public void A_state_that_was_read_back_goes_on_exactly_as_the_first()
    {
        Workbench first = new();
        RandomRequests requests = new(seed: 11);
        for (int i = 0; i < 500; i++)
        {
            first.Do(requests.NextOfAll(), timeMs: i);
        }

        Workbench second = new(Read(BytesOf(first.Writer.Freeze(), 1_000), 1_000));
        for (int i = 0; i < 500; i++)
        {
            ClientRequest request = requests.NextOfAll();

            Assert.Equal(first.Do(request, timeMs: i), second.Do(request, timeMs: i));
        }

        Assert.Equal(BytesOf(first.Writer.Freeze(), 1_000), BytesOf(second.Writer.Freeze(), 1_000));
    }

    [Fact]
    public void All_chunks_but_the_last_are_as_long_as_was_asked()
    {
        Workbench bench = new();
        bench.Do(Workbench.Create("/large") with { Data = new byte[700_000] });

        List<int> lengths = [.. bench.Writer.Freeze().ToChunks(262_144).Select(chunk => chunk.Length)];

        Assert.Equal(3, lengths.Count);
        Assert.All(lengths[..2], length => Assert.Equal(262_144, length));
        Assert.InRange(lengths[2], 1, 262_144);
    }

    [Fact]
    public void The_largest_transaction_fits_into_a_snapshot()
    {
        Workbench bench = new();
        bench.Do(Workbench.Create("/a"));
        int overhead = TxnHeader.Bytes + sizeof(int) + "/a".Length + sizeof(int) + sizeof(int)
            + TxnTrailer.Bytes;
        Assert.Equal(
            ErrorCode.Ok,
            bench.Do(
                Workbench.Set("/a", "") with { Data = new byte[RequestPreparer.RecordBytesMax - overhead] }));

        DataState state = bench.Writer.Freeze();

        Assert.Equal(state.Tree.NodeCount, Read(BytesOf(state, 262_144), 262_144).Tree.NodeCount);
    }

    [Fact]
    public void A_snapshot_that_ends_anywhere_but_at_its_end_is_refused()
    {
        byte[] bytes = BytesOf(Sample(), 1_000);
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => Read(bytes[..length], 64));
        }

        Assert.Throws<InvalidDataException>(() => Read([.. bytes, 0], 64));
        Assert.Throws<InvalidDataException>(() => Read([.. bytes, .. bytes], 64));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_damaged_snapshot_is_refused(int seed)
    {
        byte[] bytes = BytesOf(Sample(), 1_000);
        Prng random = new((ulong)seed);
        for (int i = 0; i < 5_000; i++)
        {
            byte[] damaged = [.. bytes];
            for (int flips = 1 + random.Below(3); flips > 0; flips--)
            {
                damaged[random.Below(damaged.Length)] ^= (byte)(random.OneIn(3) ? 0xFF : 1 + random.Below(255));
            }

            if (!damaged.AsSpan().SequenceEqual(bytes))
                Assert.Throws<InvalidDataException>(() => Read(damaged, 1 + random.Below(500)));
        }
    }

    [Fact]
    public void A_snapshot_whose_digest_is_wrong_is_refused()
    {
        const int DigestAt = sizeof(int) + sizeof(int) + sizeof(long);
        byte[] bytes = BytesOf(Sample(), 1_000);
        bytes[DigestAt] ^= 1;

        Assert.Throws<InvalidDataException>(() => Read(bytes, 1_000));
    }

    private static DataState Sample()
    {
        Workbench bench = new();
        bench.Do(Workbench.Create("/a", data: "data"));
        bench.Do(Workbench.Create("/a/e", CreateMode.Ephemeral));
        bench.Do(Workbench.Create("/a/s-", CreateMode.PersistentSequential, ""));
        bench.Open(new SessionId(0x0100000000000009));
        return bench.Writer.Freeze();
    }

    private static string Describe(SessionRecord session)
    {
        List<string> paths = [];
        foreach (NodePath path in session.Ephemerals)
        {
            paths.Add(Convert.ToHexString(path.Key));
        }

        List<string> replies = [];
        foreach (KeptReply reply in session.Replies)
        {
            replies.Add($"{reply.Cxid} {reply.Zxid} {reply.Result} {string.Join(',', reply.Parts)}");
        }

        return $"{session.Id} {session.TimeoutMs} {session.EphemeralBytes} {string.Join(',', paths)} "
            + $"{session.Owner} {session.LastCxid} {string.Join(',', replies)}";
    }

    private static byte[] BytesOf(DataState state, int chunkBytesMax) =>
        [.. state.ToChunks(chunkBytesMax).SelectMany(chunk => chunk.ToArray())];

    private static DataState Read(byte[] bytes, int chunkBytes)
    {
        DataStateReader reader = new();
        foreach (byte[] chunk in bytes.Chunk(chunkBytes))
        {
            reader.Add(chunk);
        }

        return reader.Complete();
    }
}
