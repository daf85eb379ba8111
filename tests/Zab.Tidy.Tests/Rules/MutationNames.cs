using System.Text.RegularExpressions;

namespace Zab.Tidy.Tests.Rules;

/// <summary>The files of tests/Zab.Mutants/Mutations, as far as their first lines and names; the weaver judges
/// the rest.</summary>
internal static partial class MutationNames
{
    private const int TitleMax = 80;

    /// <summary>Judges all files together: path and text.</summary>
    public static IEnumerable<string> Findings(IReadOnlyList<(string Path, string Text)> files)
    {
        foreach ((string path, string text) in files)
        {
            string[] lines = text.Split('\n');
            Match first = First().Match(lines[0]);
            if (!first.Success || Path.GetFileName(path) != first.Groups["id"].Value + ".txt")
            {
                yield return $"{path}: expected its own id (ZB-07 or ZB-07a) and a title in the first line";
            }
            else if (first.Groups["title"].Length > TitleMax)
            {
                yield return $"{path}: a title of more than {TitleMax} characters";
            }

            if (!lines.TakeWhile(line => !line.StartsWith("@@", StringComparison.Ordinal))
                .Any(line => line.StartsWith("Source: ", StringComparison.Ordinal)))
            {
                yield return $"{path}: expected a line 'Source: ...' before the first hunk";
            }

            foreach (string hunk in lines.Where(line => line.StartsWith("@@", StringComparison.Ordinal)))
            {
                if (!File.Exists(Path.Combine(Repository.Root, hunk[2..].Trim())))
                {
                    yield return $"{path}: there is no file {hunk[2..].Trim()}";
                }
            }
        }

        foreach (IGrouping<string, string> same in files.Select(file => Path.GetFileName(file.Path))
            .GroupBy(name => name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
        {
            yield return $"{same.Key}: {same.Count()} mutations of one id";
        }
    }

    [GeneratedRegex(@"^(?<id>ZB-[0-9]{2}[a-z]?) (?<title>\S.*?)\s*$")]
    private static partial Regex First();
}
