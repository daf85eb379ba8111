namespace Zab.Benchmarks;

/// <summary>Text that is the same in every country.</summary>
internal static class Text
{
    /// <summary>The text, with numbers as the invariant culture writes them.</summary>
    public static string Of(FormattableString text) => FormattableString.Invariant(text);
}
