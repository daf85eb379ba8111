using System;
using System.Globalization;
using System.Text;

namespace Zab.Core.Requests;

/// <summary>The limits of a quota; -1 stands for none.</summary>
/// <remarks>Source: ZooKeeper <c>StatsTrack</c>, whose text form this reads.</remarks>
/// <param name="Count">Nodes, to be warned of.</param>
/// <param name="Bytes">Bytes of data, to be warned of.</param>
/// <param name="CountHard">Nodes, not to be exceeded.</param>
/// <param name="BytesHard">Bytes of data, not to be exceeded.</param>
internal readonly record struct QuotaLimits(long Count, long Bytes, long CountHard, long BytesHard)
{
    /// <summary>Reads the text of a <c>zookeeper_limits</c> node. What cannot be read is no limit.</summary>
    public static QuotaLimits Parse(ReadOnlySpan<byte> text)
    {
        QuotaLimits limits = new(-1, -1, -1, -1);
        foreach (string part in Encoding.UTF8.GetString(text).Split(',', ';'))
        {
            // Between soft and hard limits stands a stray equals sign, for the sake of old servers.
            const NumberStyles Style = NumberStyles.AllowLeadingSign;
            string[] pair = part.TrimEnd('=').Split('=');
            if (pair.Length != 2
                || !long.TryParse(pair[1], Style, CultureInfo.InvariantCulture, out long value))
            {
                continue;
            }

            limits = pair[0] switch
            {
                "count" => limits with { Count = value },
                "bytes" => limits with { Bytes = value },
                "countHardLimit" => limits with { CountHard = value },
                "byteHardLimit" => limits with { BytesHard = value },
                _ => limits,
            };
        }

        return limits;
    }

    /// <summary>Whether a hard limit is exceeded by what there would be, where something grows.</summary>
    public bool Refuses(long nodes, long bytes, int moreNodes, long moreBytes) =>
        (moreNodes > 0 && CountHard >= 0 && nodes > CountHard)
        || (moreBytes > 0 && BytesHard >= 0 && bytes > BytesHard);

    /// <summary>Likewise for a soft limit; one beside a hard limit has no say.</summary>
    public bool Warns(long nodes, long bytes, int moreNodes, long moreBytes) =>
        (moreNodes > 0 && CountHard < 0 && Count >= 0 && nodes > Count)
        || (moreBytes > 0 && BytesHard < 0 && Bytes >= 0 && bytes > Bytes);
}
