using System.Text;
using Zab.Core.Primitives;

namespace Zab.Testing.Scripts;

/// <summary>Runs a golden script: commands, each followed by a line of dashes and the output that is
/// expected.</summary>
/// <remarks>Comments begin with '#'. With rewriting, the expected output becomes what came out: read the
/// diff, and keep it only if every line can be explained.</remarks>
internal static class GoldenScript
{
    private const string Separator = "----";

    /// <summary>Runs a script.</summary>
    /// <param name="script">The text.</param>
    /// <returns>The same script with the output that came out.</returns>
    public static string Run(string script)
    {
        ScriptRunner runner = new();
        StringBuilder result = new();
        foreach (string block in Blocks(script))
        {
            if (result.Length > 0)
            {
                _ = result.Append('\n');
            }

            string[] commands =
            [
                .. block.Split('\n').TakeWhile(line => line != Separator).Where(line => line.Length > 0),
            ];
            foreach (string line in commands)
            {
                _ = result.Append(line).Append('\n');
            }

            if (commands.Any(line => !IsComment(line)))
            {
                _ = result.Append(Separator).Append('\n').Append(RunAll(runner, commands));
            }
        }

        return result.ToString();
    }

    private static string RunAll(ScriptRunner runner, string[] commands)
    {
        StringBuilder output = new();
        try
        {
            foreach (string command in commands.Where(line => !IsComment(line)))
            {
                foreach (string line in runner.Run(command))
                {
                    _ = output.Append(line).Append('\n');
                }
            }
        }
        catch (InvariantViolatedException violation)
        {
            _ = output.Append("VIOLATED ").Append(violation.Message).Append('\n');
        }

        return output.Length == 0 ? "ok\n" : output.ToString();
    }

    private static IEnumerable<string> Blocks(string script) =>
        script.Replace("\r\n", "\n", StringComparison.Ordinal)
            .Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(block => block.Trim('\n'))
            .Where(block => block.Length > 0);

    private static bool IsComment(string line) => line.StartsWith('#');
}
