using System.Globalization;
using Zab.Core.Tree;
using Zab.Core.Watches;

namespace Zab.Cli.Shell.Commands;

/// <summary>The commands that read nodes.</summary>
internal static class ReadVerbs
{
    /// <summary>The commands.</summary>
    public static IReadOnlyList<ShellVerb> All { get; } =
    [
        new()
        {
            Name = "ls", Usage = "[-s] [-w] [-R] path", Switches = "swR", OperandsMin = 1, OperandsMax = 1,
            RunAsync = ListAsync,
        },
        new()
        {
            Name = "get", Usage = "[-s] [-w] [-b] [-x] path", Switches = "swbx",
            OperandsMin = 1, OperandsMax = 1, RunAsync = GetAsync,
        },
        new()
        {
            Name = "stat", Usage = "[-w] path", Switches = "w", OperandsMin = 1, OperandsMax = 1,
            RunAsync = StatAsync,
        },
        new()
        {
            Name = "sync", Usage = "path", OperandsMin = 1, OperandsMax = 1,
            RunAsync = async (shell, arguments, cancellationToken) =>
            {
                _ = await shell.Session.SyncAsync(arguments.Path, cancellationToken).ConfigureAwait(false);
                shell.Output.Line("Sync is OK");
            },
        },
        new()
        {
            Name = "getAllChildrenNumber", Usage = "path", OperandsMin = 1, OperandsMax = 1,
            RunAsync = async (shell, arguments, cancellationToken) =>
            {
                int number = await shell.Session
                    .GetAllChildrenNumberAsync(arguments.Path, cancellationToken).ConfigureAwait(false);
                shell.Output.Line(number.ToString(CultureInfo.InvariantCulture));
            },
        },
        new()
        {
            Name = "getEphemerals", Usage = "[path]", OperandsMax = 1,
            RunAsync = async (shell, arguments, cancellationToken) =>
            {
                string prefix = arguments.Operands.Count == 0 ? "/" : arguments.Operands[0];
                shell.Output.Line(ShellText.Of(
                    await shell.Session.GetEphemeralsAsync(prefix, cancellationToken).ConfigureAwait(false)));
            },
        },
    ];

    private static async Task ListAsync(
        ShellContext shell, VerbArguments arguments, CancellationToken cancellationToken)
    {
        string path = arguments.Path;
        Task<IReadOnlyList<string>> ChildrenOf(string node, CancellationToken token) =>
            ChildrenAsync(shell, node, arguments.Has('w'), token);
        if (arguments.Has('R'))
        {
            await foreach (string node in Walk.DownAsync(path, ChildrenOf, cancellationToken)
                .ConfigureAwait(false))
            {
                shell.Output.Line(node);
            }

            return;
        }

        IReadOnlyList<string> names = await ChildrenOf(path, cancellationToken).ConfigureAwait(false);
        shell.Output.Line(ShellText.Of(names.Order(StringComparer.Ordinal)));
        if (arguments.Has('s'))
        {
            Stat stat = await shell.Session
                .ExistsAsync(path, cancellationToken: cancellationToken).ConfigureAwait(false)
                ?? throw Missing(path);
            shell.Output.Line(ShellText.Of(stat, shell.TimeZone));
        }
    }

    private static async Task<IReadOnlyList<string>> ChildrenAsync(
        ShellContext shell, string path, bool isWatched, CancellationToken cancellationToken)
    {
        if (!isWatched)
        {
            return await shell.Session
                .GetChildrenAsync(path, cancellationToken: cancellationToken).ConfigureAwait(false);
        }

        Watched<IReadOnlyList<string>> watched = await shell.Session
            .GetChildrenAndWatchAsync(path, cancellationToken).ConfigureAwait(false);
        await shell.Connection.Watches.FollowAsync(WatchMode.Children, path, watched.Changed)
            .ConfigureAwait(false);
        return watched.Value;
    }

    private static async Task GetAsync(
        ShellContext shell, VerbArguments arguments, CancellationToken cancellationToken)
    {
        if (arguments.Has('b') && arguments.Has('x'))
            throw arguments.Misused("-b and -x exclude each other");

        ZnodeSnapshot node = await GetAsync(shell, arguments.Path, arguments.Has('w'), cancellationToken)
            .ConfigureAwait(false);
        shell.Output.Line(
            arguments.Has('b') ? ShellText.Base64(node.Data)
            : arguments.Has('x') ? ShellText.HexDump(node.Data)
            : ShellText.Of(node.Data));
        if (arguments.Has('s'))
            shell.Output.Line(ShellText.Of(node.Stat, shell.TimeZone));
    }

    /// <summary>Reads a node, and leaves a watch if that is asked for.</summary>
    public static async Task<ZnodeSnapshot> GetAsync(
        ShellContext shell, string path, bool isWatched, CancellationToken cancellationToken)
    {
        if (!isWatched)
        {
            return await shell.Session
                .GetAsync(path, cancellationToken: cancellationToken).ConfigureAwait(false);
        }

        Watched<ZnodeSnapshot> watched = await shell.Session.GetAndWatchAsync(path, cancellationToken)
            .ConfigureAwait(false);
        await shell.Connection.Watches.FollowAsync(WatchMode.Data, path, watched.Changed)
            .ConfigureAwait(false);
        return watched.Value;
    }

    private static async Task StatAsync(
        ShellContext shell, VerbArguments arguments, CancellationToken cancellationToken)
    {
        string path = arguments.Path;
        Stat? stat;
        if (arguments.Has('w'))
        {
            Watched<Stat?> watched = await shell.Session.ExistsAndWatchAsync(path, cancellationToken)
                .ConfigureAwait(false);
            await shell.Connection.Watches.FollowAsync(WatchMode.Data, path, watched.Changed)
                .ConfigureAwait(false);
            stat = watched.Value;
        }
        else
        {
            stat = await shell.Session
                .ExistsAsync(path, cancellationToken: cancellationToken).ConfigureAwait(false);
        }

        shell.Output.Line(ShellText.Of(stat ?? throw Missing(path), shell.TimeZone));
    }

    private static ShellException Missing(string path) => new($"Node does not exist: {path}");
}
