using System.Text;
using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Testing.Simulation.Checks;

namespace Zab.Testing.Simulation.Clients;

/// <summary>A transaction, taken apart. Which fields carry meaning depends on its type.</summary>
internal sealed record ModelTxn
{
    /// <summary>What every transaction begins with; for a part of a multi with the part's own type.</summary>
    public required TxnHeader Header { get; init; }

    /// <summary>What it does.</summary>
    public OpCode Type => Header.Type;

    /// <summary>The node.</summary>
    public string Path { get; init; } = "";

    /// <summary>The data to create or set; for the first session the secret of the ensemble.</summary>
    public ReadOnlyMemory<byte>? Data { get; init; }

    /// <summary>The permissions to create with or to set; null for the open ones.</summary>
    public Acl? Acl { get; init; }

    /// <summary>For a create: whether the session owns the node.</summary>
    public bool IsEphemeral { get; init; }

    /// <summary>For a create the parent's new count of creations, for a set the new version, for a check the
    /// version demanded, for a new session its timeout, for one that moves its new server.</summary>
    public int Number { get; init; }

    /// <summary>The time to live in milliseconds; 0 for none.</summary>
    public long TtlMs { get; init; }

    /// <summary>For the end of a session: the nodes that go with it.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>For a multi: its parts.</summary>
    public IReadOnlyList<ModelTxn> Parts { get; init; } = [];

    /// <summary>Up to which request its client has the answers; null when it will not ask again.</summary>
    public int? AnsweredUpTo { get; init; }

    /// <summary>Whether no client asked for it: a server did.</summary>
    public bool IsOfServer => Header.Cxid == 0 && (Type == OpCode.DeleteContainer
        || (Type == OpCode.CloseSession && AnsweredUpTo is null));

    /// <summary>Takes a transaction apart.</summary>
    public static ModelTxn Decode(Zxid zxid, ReadOnlyMemory<byte> txn)
    {
        JuteReader reader = new(txn.Span);
        bool read = TxnHeader.TryRead(ref reader, out TxnHeader header)
            && txn.Length >= TxnHeader.Bytes + TxnTrailer.Bytes;
        Rule.Holds(
            read && header.Zxid == zxid, $"K2: the transaction at {zxid} has the header {header}");
        int answered = TxnTrailer.AnsweredUpTo(txn.Span);
        return Read(header, txn.Span[TxnHeader.Bytes..^TxnTrailer.Bytes]) with
        {
            AnsweredUpTo = answered == TxnTrailer.NotKept ? null : answered,
        };
    }

    private static ModelTxn Read(TxnHeader header, ReadOnlySpan<byte> record)
    {
        bool read = TxnRecords.TryRead(header.Type, record, out TxnView view);
        Rule.Holds(read, $"K2: the transaction at {header.Zxid}, a {header.Type}, cannot be read");
        List<ModelTxn> parts = [];
        foreach ((OpCode type, Range range) in view.Parts ?? [])
        {
            parts.Add(Read(header with { Type = type }, record[range]));
        }

        return new ModelTxn
        {
            Header = header,
            Path = Encoding.UTF8.GetString(view.Path),
            Data = view.DataIsNull ? (ReadOnlyMemory<byte>?)null : view.Data.ToArray(),
            Acl = view.Acl,
            IsEphemeral = view.IsEphemeral,
            Number = view.Number,
            TtlMs = view.TtlMs,
            Paths = [.. (view.Paths ?? []).Select(Encoding.UTF8.GetString)],
            Parts = parts,
        };
    }
}
