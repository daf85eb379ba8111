using Zab.Core.Watches;

namespace Zab.Cli.Shell.Commands;

/// <summary>The commands about watches.</summary>
internal static class WatchVerbs
{
    private const string Persistent = "PERSISTENT";
    private const string Recursive = "PERSISTENT_RECURSIVE";

    /// <summary>The commands.</summary>
    public static IReadOnlyList<ShellVerb> All { get; } =
    [
        new()
        {
            Name = "addWatch",
            Usage = $"[-m mode] path # optional mode is one of [{Persistent}, {Recursive}]"
                + $" - default is {Recursive}",
            Valued = "m", OperandsMin = 1, OperandsMax = 1,
            RunAsync = (shell, arguments, cancellationToken) =>
            {
                WatchMode mode = (arguments.ValueOf('m') ?? Recursive).ToUpperInvariant() switch
                {
                    Persistent => WatchMode.Persistent,
                    Recursive => WatchMode.PersistentRecursive,
                    _ => throw arguments.Misused($"{arguments.ValueOf('m')} is no mode"),
                };
                return shell.Connection.Watches.OpenAsync(mode, arguments.Path, cancellationToken);
            },
        },
        new()
        {
            Name = "removewatches", Usage = "path [-c|-d|-p|-r|-a] [-l]", Switches = "cdpral",
            OperandsMin = 1, OperandsMax = 1, RunAsync = RemoveAsync,
        },
        new()
        {
            Name = "printwatches", Usage = "on|off", OperandsMax = 1,
            RunAsync = (shell, arguments, _) =>
            {
                if (arguments.Operands.Count == 0)
                {
                    shell.Output.Line($"printwatches is {(shell.Events.IsOn ? "on" : "off")}");
                    return Task.CompletedTask;
                }

                shell.Events.IsOn = arguments.Operands[0] switch
                {
                    "on" => true,
                    "off" => false,
                    _ => throw arguments.Misused($"{arguments.Operands[0]} is neither on nor off"),
                };
                return Task.CompletedTask;
            },
        },
    ];

    private static async Task RemoveAsync(
        ShellContext shell, VerbArguments arguments, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        (char Option, WatchMode? Mode)[] kinds =
        [
            ('c', WatchMode.Children), ('d', WatchMode.Data), ('p', WatchMode.Persistent),
            ('r', WatchMode.PersistentRecursive), ('a', null),
        ];
        (char Option, WatchMode? Mode)[] given = [.. kinds.Where(kind => arguments.Has(kind.Option))];
        if (given.Length > 1)
            throw arguments.Misused($"-{given[0].Option} and -{given[1].Option} exclude each other");

        WatchMode? mode = given.Length == 0 ? null : given[0].Mode;
        IReadOnlyList<WatchMode> removed = await shell.Connection.Watches
            .RemoveAsync(arguments.Path, mode).ConfigureAwait(false);
        if (removed.Count == 0)
            throw new ShellException($"KeeperErrorCode = No such watcher for {arguments.Path}");

        foreach (WatchMode one in removed)
        {
            shell.Events.PrintRemoved(one, arguments.Path);
        }
    }
}
