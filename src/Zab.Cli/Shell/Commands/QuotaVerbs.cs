using System.Globalization;
using System.Text;

namespace Zab.Cli.Shell.Commands;

/// <summary>The commands about quotas, which are nodes below <c>/zookeeper/quota</c>.</summary>
internal static class QuotaVerbs
{
    private const string QuotaNode = "/zookeeper/quota";
    private const string LimitsName = "zookeeper_limits";
    private const string StatsName = "zookeeper_stats";
    private const string Options = "nbNB";

    /// <summary>The commands.</summary>
    public static IReadOnlyList<ShellVerb> All { get; } =
    [
        new()
        {
            Name = "setquota", Usage = "-n|-b|-N|-B val path", Valued = Options,
            OperandsMin = 1, OperandsMax = 1, RunAsync = SetAsync,
        },
        new()
        {
            Name = "listquota", Usage = "path", OperandsMin = 1, OperandsMax = 1, RunAsync = ListAsync,
        },
        new()
        {
            Name = "delquota", Usage = "[-n|-b|-N|-B] path", Switches = Options,
            OperandsMin = 1, OperandsMax = 1, RunAsync = DeleteAsync,
        },
    ];

    private static async Task SetAsync(
        ShellContext shell, VerbArguments arguments, CancellationToken cancellationToken)
    {
        char option = OptionOf(arguments)
            ?? throw arguments.Misused("one of -n, -b, -N and -B must be given");
        long limit = arguments.Int64Of(option, -1);
        if (option is 'n' or 'N' && limit < 1)
            throw new ShellException("the num quota must be greater than zero");
        if (option is 'b' or 'B' && limit < 0)
            throw new ShellException("the bytes quota must be greater than or equal to zero");

        string path = LimitedPath(arguments);
        IZabSession session = shell.Session;
        if (!await IsThereAsync(session, path, cancellationToken).ConfigureAwait(false))
            throw new ShellException($"{path} does not exist.");

        await ThrowIfNestedAsync(session, path, cancellationToken).ConfigureAwait(false);
        if (await ReadAsync(session, Limits(path), cancellationToken).ConfigureAwait(false) is not { } before)
        {
            await CreateAsync(session, path, QuotaText.None.With(option, limit), cancellationToken)
                .ConfigureAwait(false);
            return;
        }

        QuotaText limits = QuotaText.Parse(before).With(option, limit);
        _ = await session.SetAsync(
            Limits(path), Encoding.UTF8.GetBytes(limits.ToString()), cancellationToken: cancellationToken)
            .ConfigureAwait(false);
        await WarnAsync(shell, path, option, limit, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes the nodes of a quota in one transaction, and those on the way that are
    /// missing.</summary>
    private static async Task CreateAsync(
        IZabSession session, string path, QuotaText limits, CancellationToken cancellationToken)
    {
        ZabTransaction transaction = session.Transaction();
        for (int end = 1; end > 0 && end <= path.Length;)
        {
            int slash = path.IndexOf('/', end);
            string node = QuotaNode + (slash < 0 ? path : path[..slash]);
            if (!await IsThereAsync(session, node, cancellationToken).ConfigureAwait(false))
                _ = transaction.Create(node, data: null);

            end = slash < 0 ? -1 : slash + 1;
        }

        _ = await transaction
            .Create(Limits(path), Encoding.UTF8.GetBytes(limits.ToString()))
            .Create(Stats(path), Encoding.UTF8.GetBytes(QuotaText.None.ToString()))
            .CommitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Refuses what ZooKeeper's servers do not count right: a quota above or below
    /// another.</summary>
    private static async Task ThrowIfNestedAsync(
        IZabSession session, string path, CancellationToken cancellationToken)
    {
        for (int slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
        {
            string above = path[..slash];
            if (await IsThereAsync(session, Limits(above), cancellationToken).ConfigureAwait(false))
                throw new ShellException($"{path} has a parent {above} which has a quota");
        }

        if (!await IsThereAsync(session, QuotaNode + path, cancellationToken).ConfigureAwait(false))
            return;

        await foreach (string node in Walk.DownAsync(
            QuotaNode + path,
            async (node, token) => await session
                .GetChildrenAsync(node, cancellationToken: token).ConfigureAwait(false),
            cancellationToken).ConfigureAwait(false))
        {
            string suffix = $"/{LimitsName}";
            string below = node[QuotaNode.Length..];
            if (below.EndsWith(suffix, StringComparison.Ordinal) && below[..^suffix.Length] != path)
            {
                throw new ShellException(
                    $"{path} has a child {below[..^suffix.Length]} which has a quota");
            }
        }
    }

    /// <summary>Warns of a limit that is exceeded already.</summary>
    private static async Task WarnAsync(
        ShellContext shell, string path, char option, long limit, CancellationToken cancellationToken)
    {
        string? text = await ReadAsync(shell.Session, Stats(path), cancellationToken).ConfigureAwait(false);
        QuotaText used = QuotaText.Parse(text ?? "");
        (string what, long now) = option is 'n' or 'N' ? ("count", used.Count) : ("bytes", used.Bytes);
        if (limit < now)
        {
            shell.Output.Error(string.Create(
                CultureInfo.InvariantCulture,
                $"[Warning]: the {what} quota you create is less than the existing {what}:{now}"));
        }
    }

    private static async Task ListAsync(
        ShellContext shell, VerbArguments arguments, CancellationToken cancellationToken)
    {
        string path = LimitedPath(arguments);
        string limits = await ReadAsync(shell.Session, Limits(path), cancellationToken).ConfigureAwait(false)
            ?? throw new ShellException($"quota for {path} does not exist.");
        shell.Output.Line($"Output quota for {path} {limits}");
        string? used = await ReadAsync(shell.Session, Stats(path), cancellationToken).ConfigureAwait(false);
        shell.Output.Line($"Output stat for {path} {used}");
    }

    private static async Task DeleteAsync(
        ShellContext shell, VerbArguments arguments, CancellationToken cancellationToken)
    {
        char? option = OptionOf(arguments);
        string path = LimitedPath(arguments);
        IZabSession session = shell.Session;
        string limits = await ReadAsync(session, Limits(path), cancellationToken).ConfigureAwait(false)
            ?? throw new ShellException($"quota for {path} does not exist.");
        if (option is { } one)
        {
            _ = await session.SetAsync(
                Limits(path),
                Encoding.UTF8.GetBytes(QuotaText.Parse(limits).With(one, -1).ToString()),
                cancellationToken: cancellationToken).ConfigureAwait(false);
            return;
        }

        await DeleteIfThereAsync(Limits(path)).ConfigureAwait(false);
        await DeleteIfThereAsync(Stats(path)).ConfigureAwait(false);
        for (string node = QuotaNode + path; node != QuotaNode; node = node[..node.LastIndexOf('/')])
        {
            try
            {
                await DeleteIfThereAsync(node).ConfigureAwait(false);
            }
            catch (NotEmptyException)
            {
                return; // a quota of another node is below it
            }
        }

        async Task DeleteIfThereAsync(string node)
        {
            try
            {
                _ = await session.DeleteAsync(node, cancellationToken: cancellationToken)
                    .ConfigureAwait(false);
            }
            catch (NoNodeException)
            {
                // What is gone need not be deleted.
            }
        }
    }

    private static char? OptionOf(VerbArguments arguments)
    {
        char[] given = [.. Options.Where(arguments.Has)];
        return given.Length > 1
            ? throw arguments.Misused($"-{given[0]} and -{given[1]} exclude each other")
            : given.Length == 0 ? null : given[0];
    }

    private static string LimitedPath(VerbArguments arguments) =>
        arguments.Path == "/" ? throw new ShellException("the root cannot have a quota")
        : $"{arguments.Path}/".StartsWith($"{QuotaNode}/", StringComparison.Ordinal)
            ? throw new ShellException($"cannot set a quota under the path: {QuotaNode}")
        : arguments.Path;

    private static string Limits(string path) => $"{QuotaNode}{path}/{LimitsName}";

    private static string Stats(string path) => $"{QuotaNode}{path}/{StatsName}";

    private static async Task<bool> IsThereAsync(
        IZabSession session, string path, CancellationToken cancellationToken) =>
        await session.ExistsAsync(path, cancellationToken: cancellationToken).ConfigureAwait(false)
            is not null;

    private static async Task<string?> ReadAsync(
        IZabSession session, string path, CancellationToken cancellationToken)
    {
        try
        {
            ZnodeSnapshot node = await session
                .GetAsync(path, cancellationToken: cancellationToken).ConfigureAwait(false);
            return ShellText.Of(node.Data);
        }
        catch (NoNodeException)
        {
            return null;
        }
    }
}
