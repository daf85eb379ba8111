using System;
using System.Collections.Generic;
using Zab.Core.Access;

namespace Zab.Core.Requests;

/// <summary>A transaction's record as it was read: the spans are part of the input. The fields are those of
/// <see cref="TxnRecord"/>.</summary>
internal ref struct TxnView
{
    /// <summary>The node, in UTF-8.</summary>
    public ReadOnlySpan<byte> Path;

    /// <summary>The data.</summary>
    public ReadOnlySpan<byte> Data;

    /// <summary>Whether the data is null.</summary>
    public bool DataIsNull;

    /// <summary>The permissions; null for everyone.</summary>
    public Acl? Acl;

    /// <summary>Whether the session owns the node.</summary>
    public bool IsEphemeral;

    /// <summary>See <see cref="TxnRecord.Number"/>.</summary>
    public int Number;

    /// <summary>The time to live in milliseconds.</summary>
    public long TtlMs;

    /// <summary>For <see cref="OpCode.CloseSession"/>: the paths of its nodes.</summary>
    public List<byte[]>? Paths;

    /// <summary>For <see cref="OpCode.Multi"/>: the parts, each a type and a record in bytes.</summary>
    public List<(OpCode Type, Range Record)>? Parts;
}
