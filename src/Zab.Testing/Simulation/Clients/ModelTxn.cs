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
        bool read = TxnHeader.TryRead(ref reader, out TxnHeader header)
            && txn.Length >= TxnHeader.Bytes + TxnTrailer.Bytes;
        Rule.Holds(
            read && header.Zxid == zxid, $"K2: the transaction at {zxid} has the header {header}");
        ReadOnlySpan<byte> record = txn.Span[TxnHeader.Bytes..^TxnTrailer.Bytes];
        read = TxnRecords.TryRead(header.Type, record, out TxnView view);
        Rule.Holds(read, $"K2: the transaction at {zxid}, a {header.Type}, cannot be read");
        return new ModelTxn
        {
            Header = header,
            Path = Encoding.UTF8.GetString(view.Path),
            Data = view.DataIsNull ? (ReadOnlyMemory<byte>?)null : view.Data.ToArray(),
            IsEphemeral = view.IsEphemeral,
            Number = view.Number,
            Paths = [.. (view.Paths ?? []).Select(Encoding.UTF8.GetString)],
        };
    }
}
