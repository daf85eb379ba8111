using System.Text.RegularExpressions;

namespace Zab.Tidy.Tests.Rules;

/// <summary>The tests that a document names, as <c>ClassTests.Name_of_the_test</c>.</summary>
internal static partial class TestMap
{
    public static IEnumerable<string> Findings(string document, IReadOnlyList<SourceFile> sources)
    {
        ILookup<string, string> texts = sources.ToLookup(file => file.Name, file => file.Text);
        foreach (Match named in Named().Matches(document))
        {
            (string type, string test) = (named.Groups["type"].Value, named.Groups["test"].Value);
            if (!texts[type].Any(text => test.Length == 0 || text.Contains($" {test}(", StringComparison.Ordinal)))
            {
                yield return $"{named.Value.Trim('`')} is named in the document, and there is no such test";
            }
        }
    }

    [GeneratedRegex("`(?<type>[A-Z][A-Za-z]+Tests)(\\.(?<test>[A-Z]\\w+))?`")]
    private static partial Regex Named();
}
