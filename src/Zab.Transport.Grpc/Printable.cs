namespace Zab.Transport.Grpc;

/// <summary>Makes text from the wire fit for a log: short, and without characters that steer a
/// terminal.</summary>
internal static class Printable
{
    private const int LengthMax = 512;

    /// <summary>The text with control characters replaced, cut at 512 characters.</summary>
    public static string Of(string? text) =>
        string.Create(Math.Min(text?.Length ?? 0, LengthMax), text, static (result, source) =>
        {
            for (int i = 0; i < result.Length; i++)
                result[i] = char.IsControl(source![i]) || char.IsSurrogate(source[i]) ? '?' : source[i];
        });
}
