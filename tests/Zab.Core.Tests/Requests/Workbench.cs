using System.Text;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Sessions;
using Zab.Core.Tree;

namespace Zab.Core.Tests.Requests;

/// <summary>A leader's proposed state alone: prepares and applies, one transaction after another.</summary>
internal sealed class Workbench
{
    private readonly RequestPreparer _preparer;
    private uint _counter;

    public Workbench()
        : this(DataState.Initial) => Open(Session);

    public Workbench(DataState start, RequestRules? rules = null)
    {
        Writer = new DataWriter(start);
        _counter = start.LastZxid.Counter;
        _preparer = new RequestPreparer(Writer, rules ?? RequestRules.Default);
    }

    /// <summary>The secret that the first session brings.</summary>
    public static ReadOnlyMemory<byte> Secret { get; } = new byte[SessionPassword.SecretBytes];

    /// <summary>The session that asks when none is named.</summary>
    public static SessionId Session { get; } = new(0x0100000000000001);

    public DataWriter Writer { get; }

    public TxnOutcome? Last { get; private set; }

    public ReadOnlyMemory<byte> LastTxn { get; private set; }

    public static ClientRequest Create(
        string path, CreateMode mode = CreateMode.Persistent, string? data = null) => new()
    {
        Session = Session,
        Op = OpCode.Create2,
        Path = path,
        Mode = mode,
        Data = Bytes(data),
    };

    public static ClientRequest Delete(string path, int version = -1) =>
        new() { Session = Session, Op = OpCode.Delete, Path = path, Version = version };

    public static ClientRequest Set(string path, string? data, int version = -1) =>
        new() { Session = Session, Op = OpCode.SetData, Path = path, Data = Bytes(data), Version = version };

    public static ReadOnlyMemory<byte>? Bytes(string? text) =>
        text is null ? (ReadOnlyMemory<byte>?)null : Encoding.UTF8.GetBytes(text);

    public ErrorCode Do(ClientRequest request, long timeMs = 0)
    {
        Zxid zxid = Zxid.Of(1, _counter + 1);
        ErrorCode error = _preparer.Prepare(
            request with { Secret = Secret },
            SessionTable.OpenerOf(request.Session),
            zxid,
            timeMs,
            out Memory<byte> txn);
        if (error == ErrorCode.Ok)
        {
            _counter++;
            Last = Writer.ApplyNew(zxid, txn);
            LastTxn = txn;
        }

        return error;
    }

    public void Open(SessionId session, int timeoutMs = 30_000) => Assert.Equal(
        ErrorCode.Ok,
        Do(new ClientRequest { Session = session, Op = OpCode.CreateSession, TimeoutMs = timeoutMs }));

    public ErrorCode Close(SessionId session) =>
        Do(new ClientRequest { Session = session, Op = OpCode.CloseSession });

    public Stat StatOf(string path)
    {
        Assert.True(Writer.TryFind(path, out Znode? node), path);
        return node.Stat;
    }

    public bool Has(string path) => Writer.TryFind(path, out _);
}
