using System.Globalization;

namespace Zab.Cli.Shell.Commands;

/// <summary>The text of a quota: limits, or what is used of them; -1 stands for none.</summary>
/// <remarks>Between the soft and the hard limits stands a stray equals sign, by which servers before 3.7 read
/// the soft ones. Source: ZooKeeper <c>StatsTrack</c>.</remarks>
/// <param name="Count">Nodes, to be warned of.</param>
/// <param name="Bytes">Bytes of data, to be warned of.</param>
/// <param name="CountHard">Nodes, not to be exceeded.</param>
/// <param name="BytesHard">Bytes of data, not to be exceeded.</param>
internal readonly record struct QuotaText(long Count, long Bytes, long CountHard, long BytesHard)
{
    /// <summary>No limit.</summary>
    public static QuotaText None { get; } = new(-1, -1, -1, -1);

    /// <summary>Reads the text; what cannot be read is no limit.</summary>
    public static QuotaText Parse(string text)
    {
        QuotaText quota = None;
        foreach (string part in text.Split(',', ';'))
        {
            string[] pair = part.TrimEnd('=').Split('=');
            if (pair.Length != 2 || !long.TryParse(
                pair[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value))
            {
                continue;
            }

            quota = pair[0] switch
            {
                "count" => quota with { Count = value },
                "bytes" => quota with { Bytes = value },
                "countHardLimit" => quota with { CountHard = value },
                "byteHardLimit" => quota with { BytesHard = value },
                _ => quota,
            };
        }

        return quota;
    }

    /// <summary>Sets the limit that an option names.</summary>
    public QuotaText With(char option, long limit) => option switch
    {
        'n' => this with { Count = limit },
        'b' => this with { Bytes = limit },
        'N' => this with { CountHard = limit },
        'B' => this with { BytesHard = limit },
        _ => throw new ArgumentOutOfRangeException(nameof(option)),
    };

    /// <summary>The text as it is kept in a node.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"count={Count},bytes={Bytes}=;byteHardLimit={BytesHard};countHardLimit={CountHard}");
}
