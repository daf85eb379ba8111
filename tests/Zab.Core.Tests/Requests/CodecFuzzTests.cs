using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Sessions;
using Zab.Core.Tree;

namespace Zab.Core.Tests.Requests;

public class CodecFuzzTests
{
    [Fact]
    public void A_request_comes_back_from_its_bytes()
    {
        RandomRequests requests = new(seed: 5);
        for (int i = 0; i < 5_000; i++)
        {
            ClientRequest request = requests.NextOfAll();

            ReadOnlyMemory<byte> bytes = request.Encode();

            Assert.True(ClientRequest.TryDecode(bytes, out ClientRequest read));
            Assert.Equal(Describe(request), Describe(read));
            Assert.True(bytes.Span.SequenceEqual(read.Encode().Span));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_damaged_request_is_refused_or_is_some_other_request(int seed)
    {
        RandomRequests requests = new(seed);
        int refused = 0;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] damaged = Damage(requests.NextOfAll().Encode(), requests.Random);
            if (!ClientRequest.TryDecode(damaged, out ClientRequest read))
            {
                refused++;
                continue;
            }

            Assert.True(read.Op.IsKnown && read.Op.NeedsLeader);
            Assert.True(ClientRequest.TryDecode(read.Encode(), out ClientRequest again));
            Assert.Equal(Describe(read), Describe(again));
        }

        Assert.InRange(refused, 1, 19_999);
    }

    [Fact]
    public void A_request_cut_short_or_with_more_behind_it_is_refused()
    {
        byte[] bytes = Workbench.Create("/a", data: "x").Encode().ToArray();
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.False(ClientRequest.TryDecode(bytes.AsMemory(0, length), out _));
        }

        Assert.False(ClientRequest.TryDecode((byte[])[.. bytes, 0], out _));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_damaged_transaction_is_refused_or_is_some_other_transaction(int seed)
    {
        RandomRequests requests = new(seed);
        Workbench bench = new();
        for (int i = 0; i < 200; i++)
        {
            bench.Do(requests.NextOfAll());
        }

        int refused = 0;
        for (int i = 0; i < 4_000; i++)
        {
            DataState before = bench.Writer.Freeze();
            Zxid zxid = new(before.LastZxid.Value + 1);
            ClientRequest request = requests.NextOfAll();
            RequestPreparer preparer = new(bench.Writer, RequestRules.Default);
            ErrorCode error = preparer.Prepare(
                request, SessionTable.OpenerOf(request.Session), zxid, i, out Memory<byte> txn);
            if (error != ErrorCode.Ok)
                continue;

            DataWriter writer = new(before);
            byte[] damaged = Damage(txn, requests.Random);
            ulong digest = before.Digest;
            try
            {
                _ = writer.ApplyNew(zxid, damaged);

                // Whatever it did, the state is whole: it comes back from its own bytes.
                DataStateReader reader = new();
                reader.Add(writer.Freeze().ToChunks(1_000_000).Single());
                Assert.Equal(zxid, reader.Complete().LastZxid);
            }
            catch (InvalidDataException)
            {
                refused++;
            }

            // Whatever it did, what was published stayed as it was.
            Assert.Equal(digest, before.Digest);
        }

        Assert.True(refused > 100, $"only {refused} of the transactions of seed {seed} were refused");
    }

    [Fact]
    public void A_transaction_cut_short_or_with_more_behind_it_is_refused()
    {
        Workbench bench = new();
        foreach (ClientRequest request in (ClientRequest[])
            [
                Workbench.Create("/a", CreateMode.Ephemeral, "x"),
                Workbench.Set("/a", "y"),
                Workbench.Create("/b"),
                Workbench.Delete("/b"),
                new() { Session = new SessionId(0x0100000000000003), Op = OpCode.CreateSession, TimeoutMs = 1 },
                new() { Session = Workbench.Session, Op = OpCode.MoveSession },
                Workbench.Create("/c", CreateMode.Container),
                Workbench.Create("/t", CreateMode.PersistentWithTtl) with { TtlMs = 5 },
                new()
                {
                    Session = Workbench.Session,
                    Op = OpCode.Multi,
                    Operations = [Workbench.Create("/m"), Workbench.Set("/m", "z"), Workbench.Delete("/m")],
                },
                Workbench.Set("/a", "y") with { Op = OpCode.SetAcl, Acl = Acl.ReadOnly },
                new() { Session = Workbench.Session, Op = OpCode.CloseSession },
            ])
        {
            DataState before = bench.Writer.Freeze();
            Assert.Equal(ErrorCode.Ok, bench.Do(request));
            byte[] txn = bench.LastTxn.ToArray();
            for (int length = 0; length < txn.Length; length++)
            {
                Assert.Throws<InvalidDataException>(
                    () => new DataWriter(before).Apply(bench.Last!.Zxid, txn.AsMemory(0, length)));
            }

            Assert.Throws<InvalidDataException>(
                () => new DataWriter(before).Apply(bench.Last!.Zxid, (byte[])[.. txn, 0]));
        }
    }

    [Fact]
    public void A_transaction_is_never_applied_twice()
    {
        Workbench bench = new();

        Assert.Throws<InvariantViolatedException>(() => bench.Writer.Apply(bench.Last!.Zxid, bench.LastTxn));
        Assert.Throws<InvalidDataException>(() => bench.Writer.Apply(Zxid.Of(9, 9), bench.LastTxn));
    }

    /// <summary>Everything that goes to a leader.</summary>
    private static string Describe(ClientRequest request)
    {
        string data = request.Data is { } bytes ? Convert.ToHexString(bytes.Span) : "null";
        string identities = string.Join(',', request.Identities ?? []);
        string operations = string.Join(';', (request.Operations ?? []).Select(Describe));
        return $"{request.Session} {request.Cxid} {request.AnsweredUpTo} {request.Op} {request.Path} {data} "
            + $"{request.Mode} {request.TtlMs} {request.Version} {request.TimeoutMs} {request.Acl ?? Acl.Open} "
            + $"{Convert.ToHexString(request.Secret.Span)} [{identities}] [{operations}]";
    }

    private static byte[] Damage(ReadOnlyMemory<byte> bytes, Prng random)
    {
        byte[] damaged = bytes.ToArray();
        for (int flips = 1 + random.Below(3); flips > 0; flips--)
        {
            damaged[random.Below(damaged.Length)] = (byte)(random.OneIn(3) ? 0xFF : random.Below(256));
        }

        return random.OneIn(10) ? damaged[..random.Below(damaged.Length)] : damaged;
    }
}
