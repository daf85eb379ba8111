using Zab.Core.Primitives;
using Zab.Core.Tree;

namespace Zab.Wire;

/// <summary>What stands before every packet of a server but the first.</summary>
/// <param name="Xid">Which request it answers; below 0 for what is no answer to an ordinary one.</param>
/// <param name="Zxid">The last transaction that the server had applied; not above 0 when it does not
/// tell.</param>
/// <param name="Error">The outcome, by any number.</param>
internal readonly record struct ReplyHeader(int Xid, Zxid Zxid, ErrorCode Error)
{
    /// <summary>Reads a header.</summary>
    /// <returns>False when the bytes end before it does.</returns>
    public static bool TryRead(ref JuteReader reader, out ReplyHeader header)
    {
        bool read = reader.TryReadInt(out int xid);
        read &= reader.TryReadLong(out long zxid);
        read &= reader.TryReadInt(out int error);
        header = new(xid, new Zxid(zxid), (ErrorCode)error);
        return read;
    }

    /// <summary>Reads the header of a frame.</summary>
    /// <returns>False when the frame is shorter.</returns>
    public static bool TryRead(ReadOnlySpan<byte> frame, out ReplyHeader header)
    {
        JuteReader reader = new(frame);
        return TryRead(ref reader, out header);
    }
}
