using System.Text;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Testing.Simulation.Checks;

namespace Zab.Testing.Simulation.Clients;

/// <summary>A transaction, taken apart. Which fields carry meaning depends on its type.</summary>
internal sealed record ModelTxn
{
    /// <summary>What every transaction begins with.</summary>
    public required TxnHeader Header { get; init; }

    /// <summary>The node.</summary>
    public string Path { get; init; } = "";

    /// <summary>The data to create or set.</summary>
    public ReadOnlyMemory<byte>? Data { get; init; }

    /// <summary>For a create: whether the session owns the node.</summary>
    public bool IsEphemeral { get; init; }

    /// <summary>For a create the parent's new count of creations, for a set the new version, for a new
    /// session its timeout.</summary>
    public int Number { get; init; }

    /// <summary>For the end of a session: the nodes that go with it.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>Takes a transaction apart.</summary>
    public static ModelTxn Decode(Zxid zxid, ReadOnlyMemory<byte> txn)
    {
        JuteReader reader = new(txn.Span);
        bool read = TxnHeader.TryRead(ref reader, out TxnHeader header);
        Rule.Holds(
            read && header.Zxid == zxid, $"K2: the transaction at {zxid} has the header {header}");
        ModelTxn? decoded = header.Type switch
        {
            OpCode.Create or OpCode.Create2 => DecodeCreate(header, ref reader),
            OpCode.Delete => TxnRecords.TryReadDelete(ref reader, out ReadOnlySpan<byte> path)
                ? new ModelTxn { Header = header, Path = Encoding.UTF8.GetString(path) }
                : null,
            OpCode.SetData => DecodeSetData(header, ref reader),
            OpCode.CreateSession => TxnRecords.TryReadCreateSession(ref reader, out int timeoutMs)
                ? new ModelTxn { Header = header, Number = timeoutMs }
                : null,
            OpCode.CloseSession => DecodeCloseSession(header, ref reader),
            OpCode.Exists or OpCode.GetData or OpCode.GetChildren or OpCode.GetChildren2 or OpCode.Sync
                or OpCode.AddWatch or OpCode.RemoveWatches => null,
        };
        Rule.Holds(decoded is not null, $"K2: the transaction at {zxid}, a {header.Type}, cannot be read");
        return decoded;
    }

    private static ModelTxn? DecodeCreate(in TxnHeader header, ref JuteReader reader)
    {
        bool read = TxnRecords.TryReadCreate(
            ref reader,
            out ReadOnlySpan<byte> path,
            out ReadOnlySpan<byte> data,
            out bool dataIsNull,
            out bool isEphemeral,
            out int parentCreations);
        return !read ? null : new ModelTxn
        {
            Header = header,
            Path = Encoding.UTF8.GetString(path),
            Data = dataIsNull ? (ReadOnlyMemory<byte>?)null : data.ToArray(),
            IsEphemeral = isEphemeral,
            Number = parentCreations,
        };
    }

    private static ModelTxn? DecodeSetData(in TxnHeader header, ref JuteReader reader)
    {
        bool read = TxnRecords.TryReadSetData(
            ref reader,
            out ReadOnlySpan<byte> path,
            out ReadOnlySpan<byte> data,
            out bool dataIsNull,
            out int version);
        return !read ? null : new ModelTxn
        {
            Header = header,
            Path = Encoding.UTF8.GetString(path),
            Data = dataIsNull ? (ReadOnlyMemory<byte>?)null : data.ToArray(),
            Number = version,
        };
    }

    private static ModelTxn? DecodeCloseSession(in TxnHeader header, ref JuteReader reader)
    {
        List<byte[]> paths = [];
        bool read = TxnRecords.TryReadCloseSession(ref reader, paths);
        return !read ? null : new ModelTxn
        {
            Header = header,
            Paths = paths.ConvertAll(Encoding.UTF8.GetString),
        };
    }
}
