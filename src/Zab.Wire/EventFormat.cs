using Zab.Core.Primitives;
using Zab.Core.Watches;

namespace Zab.Wire;

/// <summary>How a watch's event stands on the wire: a reply header with xid -1, then type, state and
/// path.</summary>
internal static class EventFormat
{
    /// <summary>The xid of every event.</summary>
    public const int Xid = -1;

    private const int SyncConnected = 3;
    private const long NoZxid = -1;

    /// <summary>Writes the body, without the length before it.</summary>
    public static void Write(JuteWriter writer, in WatchEvent watchEvent)
    {
        writer.WriteInt(Xid);
        writer.WriteLong(watchEvent.Zxid == Zxid.None ? NoZxid : watchEvent.Zxid.Value);
        writer.WriteInt(0);
        writer.WriteInt((int)watchEvent.Type);
        writer.WriteInt(SyncConnected);
        writer.WriteString(watchEvent.Path);
    }

    /// <summary>Reads a body.</summary>
    /// <returns>False when the bytes are no event that a server sends.</returns>
    public static bool TryRead(ReadOnlyMemory<byte> frame, out WatchEvent watchEvent)
    {
        watchEvent = default;
        JuteReader reader = new(frame.Span);
        if (!reader.TryReadInt(out int xid) || xid != Xid || !reader.TryReadLong(out long zxid)
            || !reader.TryReadInt(out _) || !reader.TryReadInt(out int type)
            || !reader.TryReadInt(out _) || !reader.TryReadString(out string? path)
            || !Enum.IsDefined((WatchEventType)type))
        {
            return false;
        }

        watchEvent = new((WatchEventType)type, path, zxid == NoZxid ? Zxid.None : new Zxid(zxid));
        return true;
    }
}
