using System.Text.RegularExpressions;

namespace Zab.Cli.Shell;

/// <summary>Divides a line into words.</summary>
/// <remarks>As ZooKeeper's shell: blanks separate; a word that begins with a quotation mark goes to the next
/// such mark and may hold blanks, and marks within a word mean nothing. Source: ZooKeeper
/// <c>ZooKeeperMain.MyCommandOptions</c>.</remarks>
internal static partial class Words
{
    /// <summary>The words of a line.</summary>
    /// <exception cref="ShellException">A quotation mark has no counterpart.</exception>
    public static IReadOnlyList<string> Of(string line)
    {
        List<string> words = [];
        int at = 0;
        while (Next().Match(line, at) is { Success: true } match)
        {
            words.Add(match.Groups["quoted"] is { Success: true } quoted
                ? quoted.Value[1..^1]
                : match.Groups["plain"].Value);
            at = match.Index + match.Length;
        }

        return line.AsSpan(at).IsWhiteSpace()
            ? words
            : throw new ShellException($"A quotation mark has no counterpart: {line[at..].Trim()}");
    }

    [GeneratedRegex("""\G\s*(?:(?<plain>[^\s"']\S*)|(?<quoted>"[^"]*"|'[^']*'))""")]
    private static partial Regex Next();
}
