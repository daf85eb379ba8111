using Zab.Core.Primitives;
using Zab.Core.Tree;

namespace Zab.Core.Requests;

/// <summary>How a stat stands in bytes: jute's <c>Stat</c>, 68 bytes.</summary>
internal static class StatFormat
{
    /// <summary>Writes a stat.</summary>
    public static void Write(JuteWriter writer, in Stat stat)
    {
        writer.WriteLong(stat.Czxid.Value);
        writer.WriteLong(stat.Mzxid.Value);
        writer.WriteLong(stat.Ctime);
        writer.WriteLong(stat.Mtime);
        writer.WriteInt(stat.Version);
        writer.WriteInt(stat.Cversion);
        writer.WriteInt(stat.Aversion);
        writer.WriteLong(stat.EphemeralOwner.Value);
        writer.WriteInt(stat.DataLength);
        writer.WriteInt(stat.NumChildren);
        writer.WriteLong(stat.Pzxid.Value);
    }

    /// <summary>Reads a stat.</summary>
    /// <returns>False when the bytes end before it does.</returns>
    public static bool TryRead(ref JuteReader reader, out Stat stat)
    {
        stat = default;
        if (!reader.TryReadLong(out long czxid) || !reader.TryReadLong(out long mzxid)
            || !reader.TryReadLong(out long ctime) || !reader.TryReadLong(out long mtime)
            || !reader.TryReadInt(out int version) || !reader.TryReadInt(out int cversion)
            || !reader.TryReadInt(out int aversion) || !reader.TryReadLong(out long owner)
            || !reader.TryReadInt(out int dataLength) || !reader.TryReadInt(out int children)
            || !reader.TryReadLong(out long pzxid))
        {
            return false;
        }

        stat = new Stat(
            new Zxid(czxid), new Zxid(mzxid), ctime, mtime, version, cversion, aversion,
            new SessionId(owner), dataLength, children, new Zxid(pzxid));
        return true;
    }
}
