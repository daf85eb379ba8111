using System;
using System.Text;
using Zab.Core.Primitives;
using Zab.Core.Tree;
using Zab.Core.Watches;

namespace Zab.Core.Requests;

/// <summary>What a client asks. Which fields carry meaning depends on <see cref="Op"/>; the rest keep their
/// defaults.</summary>
/// <remarks>Immutable; nobody writes to the memory behind <see cref="Data"/> once the request exists. Two
/// requests are not compared with ==, as <see cref="Data"/> compares by place.</remarks>
internal readonly record struct ClientRequest
{
    private const int FixedBytes = 64;

    /// <summary>Who asks. For <see cref="OpCode.CreateSession"/> the session to open, for
    /// <see cref="OpCode.CloseSession"/> the one to close.</summary>
    public SessionId Session { get; init; }

    /// <summary>The client's number for the request; 0 for one that a server made.</summary>
    public int Cxid { get; init; }

    /// <summary>The operation.</summary>
    public required OpCode Op { get; init; }

    /// <summary>The node; never null. For a sequential create without the number.</summary>
    public string Path
    {
        get => field ?? "";
        init;
    }

    /// <summary>The data to create or set. Null and empty are two things.</summary>
    /// <remarks>A null array converts to empty memory: write <c>null</c> itself for null.</remarks>
    public ReadOnlyMemory<byte>? Data { get; init; }

    /// <summary>For a create: the kind of node.</summary>
    public CreateMode Mode { get; init; }

    /// <summary>For a delete or set: the version that the node must have; -1 for any. Set it: 0 is a
    /// version.</summary>
    public int Version { get; init; }

    /// <summary>For a read: whether it leaves a one-shot watch.</summary>
    public bool Watch { get; init; }

    /// <summary>The watch to add or to remove; null to remove any.</summary>
    public WatchMode? WatchMode { get; init; }

    /// <summary>For <see cref="OpCode.CreateSession"/>: how long the client may be silent, in
    /// milliseconds.</summary>
    public int TimeoutMs { get; init; }

    /// <summary>The request as bytes, for the way to the leader.</summary>
    internal ReadOnlyMemory<byte> Encode()
    {
        JuteWriter writer = new(FixedBytes + Encoding.UTF8.GetByteCount(Path) + (Data?.Length ?? 0));
        writer.WriteLong(Session.Value);
        writer.WriteInt(Cxid);
        writer.WriteInt((int)Op);
        writer.WriteString(Path);
        writer.WriteBuffer(Data);
        writer.WriteInt((int)Mode);
        writer.WriteInt(Version);
        writer.WriteBool(Watch);
        writer.WriteInt((int)(WatchMode ?? 0));
        writer.WriteInt(TimeoutMs);
        return writer.Written;
    }

    /// <summary>Reads a request that came from another server.</summary>
    /// <param name="bytes">The bytes, all of them; <see cref="Data"/> shares their memory.</param>
    /// <param name="request">The request.</param>
    /// <returns>Whether the bytes are a request. Its operation, mode and watch are then of the enumerations;
    /// the path is any text.</returns>
    internal static bool TryDecode(ReadOnlyMemory<byte> bytes, out ClientRequest request)
    {
        request = default;
        JuteReader reader = new(bytes.Span);
        if (!reader.TryReadLong(out long session) || !reader.TryReadInt(out int cxid)
            || !reader.TryReadInt(out int op) || !reader.TryReadString(out string? path)
            || !reader.TryReadBuffer(out ReadOnlySpan<byte> data, out bool dataIsNull))
        {
            return false;
        }

        int dataStart = reader.Position - data.Length;
        if (!reader.TryReadInt(out int mode) || !reader.TryReadInt(out int version)
            || !reader.TryReadBool(out bool watch) || !reader.TryReadInt(out int watchMode)
            || !reader.TryReadInt(out int timeoutMs) || !reader.IsAtEnd)
        {
            return false;
        }

        request = new ClientRequest
        {
            Session = new SessionId(session),
            Cxid = cxid,
            Op = (OpCode)op,
            Path = path,
            Data = dataIsNull ? (ReadOnlyMemory<byte>?)null : bytes.Slice(dataStart, data.Length),
            Mode = (CreateMode)mode,
            Version = version,
            Watch = watch,
            WatchMode = watchMode == 0 ? null : (WatchMode)watchMode,
            TimeoutMs = timeoutMs,
        };
        return request.Op.IsKnown && request.Mode.IsKnown
            && request.WatchMode is null or Watches.WatchMode.Children or Watches.WatchMode.Data
                or Watches.WatchMode.Persistent or Watches.WatchMode.PersistentRecursive;
    }
}
