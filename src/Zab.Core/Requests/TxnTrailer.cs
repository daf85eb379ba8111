using System;
using System.Buffers.Binary;
using Zab.Core.Primitives;

namespace Zab.Core.Requests;

/// <summary>What every transaction ends with, after its record: what its client has answers to, and the
/// digest of the state that it leads to (R25).</summary>
/// <remarks>Source: ZooKeeper's jute record <c>TxnDigest</c>, which stands in the same place.</remarks>
internal static class TxnTrailer
{
    /// <summary>The bytes of a trailer.</summary>
    public const int Bytes = sizeof(int) + sizeof(ulong);

    /// <summary>Stands for a client that will never ask for the answer again.</summary>
    public const int NotKept = -1;

    /// <summary>Writes a trailer whose digest is yet to come.</summary>
    public static void Write(JuteWriter writer, int answeredUpTo)
    {
        writer.WriteInt(answeredUpTo);
        writer.WriteLong(0);
    }

    /// <summary>Up to which of its requests the client has the answers.</summary>
    public static int AnsweredUpTo(ReadOnlySpan<byte> txn) =>
        BinaryPrimitives.ReadInt32BigEndian(txn[^Bytes..]);

    /// <summary>The digest of the state after the transaction.</summary>
    public static ulong Digest(ReadOnlySpan<byte> txn) =>
        BinaryPrimitives.ReadUInt64BigEndian(txn[^sizeof(ulong)..]);

    /// <summary>Puts the digest in.</summary>
    public static void SetDigest(Span<byte> txn, ulong digest) =>
        BinaryPrimitives.WriteUInt64BigEndian(txn[^sizeof(ulong)..], digest);
}
