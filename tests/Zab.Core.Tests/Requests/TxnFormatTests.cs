using System.Globalization;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Sessions;
using Zab.Core.Tree;

namespace Zab.Core.Tests.Requests;

/// <summary>Transactions byte for byte: TxnHeader (session, cxid, zxid, time, type), then ZooKeeper's
/// record, then the trailer.</summary>
public class TxnFormatTests
{
    private const string Acl =
        "00000001" + "0000001F" + "00000005" + "776F726C64" + "00000006" + "616E796F6E65";

    [Theory]
    [InlineData(OpCode.Create, "00000001")]
    [InlineData(OpCode.Create2, "0000000F")]
    public void A_create_carries_its_data_and_rights(OpCode op, string type)
    {
        Workbench bench = new();

        bench.Do(Workbench.Create("/a", CreateMode.Ephemeral, "x") with { Op = op, Cxid = 7 }, timeMs: 0x102);

        Assert.Equal(
            Header("00000007", "0000000100000002", type)
                + "00000002" + "2F61" + "00000001" + "78" + Acl + "01" + "00000001",
            Hex(bench));
    }

    [Fact]
    public void A_delete_carries_its_path()
    {
        Workbench bench = new();
        bench.Do(Workbench.Create("/a"));

        bench.Do(Workbench.Delete("/a"), timeMs: 0x102);

        Assert.Equal(Header("00000000", "0000000100000003", "00000002") + "00000002" + "2F61", Hex(bench));
    }

    [Fact]
    public void A_set_carries_the_new_version()
    {
        Workbench bench = new();

        bench.Do(Workbench.Set("/", null), timeMs: 0x102);

        Assert.Equal(
            Header("00000000", "0000000100000002", "00000005") + "00000001" + "2F" + "FFFFFFFF" + "00000001",
            Hex(bench));
    }

    [Fact]
    public void A_session_is_opened_with_its_timeout_and_closed_with_its_nodes()
    {
        Workbench bench = new();
        string secret = new('0', 2 * SessionPassword.SecretBytes);
        Assert.EndsWith("FFFFFFF6" + "00007530" + "00000020" + secret, Hex(bench), StringComparison.Ordinal);
        bench.Open(new SessionId(0x0100000000000002));
        Assert.EndsWith("FFFFFFF6" + "00007530", Hex(bench), StringComparison.Ordinal);
        bench.Do(Workbench.Create("/b", CreateMode.Ephemeral));
        bench.Do(Workbench.Create("/a", CreateMode.Ephemeral));

        bench.Do(new ClientRequest { Session = Workbench.Session, Op = OpCode.CloseSession }, timeMs: 0x102);

        Assert.Equal(
            Header("00000000", "0000000100000005", "FFFFFFF5")
                + "00000002" + "00000002" + "2F61" + "00000002" + "2F62",
            Hex(bench));
    }

    [Fact]
    public void A_transaction_ends_with_what_its_client_knows_and_the_digest_of_the_state()
    {
        Workbench bench = new();

        bench.Do(Workbench.Create("/a") with { Cxid = 9, AnsweredUpTo = 0x0304 });

        string digest = bench.Writer.Digest.ToString("X16", CultureInfo.InvariantCulture);
        Assert.Equal("00000304" + digest, Convert.ToHexString(bench.LastTxn.Span[^TxnTrailer.Bytes..]));
        bench.Do(Workbench.Create("/b"));
        Assert.Equal(TxnTrailer.NotKept, TxnTrailer.AnsweredUpTo(bench.LastTxn.Span));
    }

    private static string Header(string cxid, string zxid, string type) =>
        "0100000000000001" + cxid + zxid + "0000000000000102" + type;

    /// <summary>The transaction without its trailer.</summary>
    private static string Hex(Workbench bench) =>
        Convert.ToHexString(bench.LastTxn.Span[..^TxnTrailer.Bytes]);
}
