using Zab.Core.Primitives;

namespace Zab.Wire;

/// <summary>Fields that several packets have.</summary>
internal static class WireFields
{
    /// <summary>A string, which may be null; false when it is no UTF-8.</summary>
    public static bool TryReadText(ref JuteReader reader, out string? text)
    {
        text = null;
        return reader.TryReadNull() || reader.TryReadString(out text);
    }

    /// <summary>A vector of strings; one that is null is empty.</summary>
    public static bool TryReadTexts(ref JuteReader reader, out List<string> texts)
    {
        texts = [];
        if (reader.TryReadNull())
            return true;
        if (!reader.TryReadCount(sizeof(int), out int count))
            return false;

        for (int i = 0; i < count; i++)
        {
            if (!reader.TryReadString(out string? text))
                return false;

            texts.Add(text);
        }

        return true;
    }

    /// <summary>Writes a vector of strings; null is the empty one.</summary>
    public static void WriteTexts(JuteWriter writer, IReadOnlyList<string>? texts)
    {
        writer.WriteInt(texts?.Count ?? 0);
        foreach (string text in texts ?? [])
        {
            writer.WriteString(text);
        }
    }
}
