using System.Reflection;

namespace Zab.Cli.Shell.Commands;

/// <summary>The commands about the shell and its connection.</summary>
internal static class LifeVerbs
{
    /// <summary>The commands.</summary>
    public static IReadOnlyList<ShellVerb> All { get; } =
    [
        new()
        {
            Name = "connect", Usage = "[host:port]", OperandsMax = 1, NeedsServer = false,
            RunAsync = (shell, arguments, cancellationToken) => shell.Connection.OpenAsync(
                arguments.Operands.Count == 0 ? null : arguments.Operands[0], cancellationToken),
        },
        new()
        {
            Name = "close", Usage = "", NeedsServer = false,
            RunAsync = (shell, _, _) => shell.Connection.CloseAsync(),
        },
        new() { Name = "quit", Usage = "", NeedsServer = false, RunAsync = Quit },
        new() { Name = "exit", Usage = "", NeedsServer = false, RunAsync = Quit },
        new()
        {
            Name = "help", Usage = "", NeedsServer = false,
            RunAsync = (shell, _, _) =>
            {
                shell.Output.Line($"zab shell -server host:port [command]\n{VerbTable.Help()}");
                return Task.CompletedTask;
            },
        },
        new()
        {
            Name = "version", Usage = "", NeedsServer = false,
            RunAsync = (shell, _, _) =>
            {
                shell.Output.Line($"Zab shell version: {typeof(LifeVerbs).Assembly
                    .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion}");
                return Task.CompletedTask;
            },
        },
    ];

    private static Task Quit(ShellContext shell, VerbArguments arguments, CancellationToken cancellationToken)
    {
        shell.IsOver = true;
        return Task.CompletedTask;
    }
}
