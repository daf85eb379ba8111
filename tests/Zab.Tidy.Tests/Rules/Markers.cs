using System.Text.RegularExpressions;

namespace Zab.Tidy.Tests.Rules;

/// <summary>Nothing unfinished is delivered: neither in code nor in comments.</summary>
internal static partial class Markers
{
    public static IEnumerable<string> Findings(SourceFile file) =>
        file.Text.Split('\n').SelectMany((line, index) => Unfinished().Matches(line)
            .Select(match => $"{file.Path}:{index + 1}: {match.Value}"));

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX|NotImplementedException)\b")]
    private static partial Regex Unfinished();
}
