using System.Globalization;

namespace Zab.Cli.Shell.Commands;

/// <summary>The commands about the lines so far. The other half of <c>redo</c> is in
/// <see cref="ShellLoop"/>.</summary>
internal static class HistoryVerbs
{
    /// <summary>The command that the loop replaces by the line that it names.</summary>
    public const string Redo = "redo";

    private const int Shown = 11;

    /// <summary>The commands.</summary>
    public static IReadOnlyList<ShellVerb> All { get; } =
    [
        new()
        {
            Name = "history", Usage = "", NeedsServer = false,
            RunAsync = (shell, _, _) =>
            {
                foreach ((int number, string line) in shell.History.Latest(Shown))
                {
                    shell.Output.Line(string.Create(CultureInfo.InvariantCulture, $"{number} - {line}"));
                }

                return Task.CompletedTask;
            },
        },
        new()
        {
            Name = Redo, Usage = "cmdno", OperandsMin = 1, OperandsMax = 1, NeedsServer = false,
            RunAsync = static (_, _, _) => throw new ShellException("No redoing redos"),
        },
    ];

    /// <summary>The line that <c>redo</c> names.</summary>
    /// <exception cref="ShellException">There is none.</exception>
    public static string LineToRedo(ShellContext shell, VerbArguments arguments) =>
        int.TryParse(arguments.Operands[0], CultureInfo.InvariantCulture, out int number)
        && shell.History.TryGet(number, out string? line)
            ? line
            : throw new ShellException("Command index out of range");
}
