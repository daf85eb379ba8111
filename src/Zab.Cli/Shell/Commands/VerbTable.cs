namespace Zab.Cli.Shell.Commands;

/// <summary>All commands of the shell.</summary>
internal static class VerbTable
{
    /// <summary>The commands, by their names.</summary>
    public static IReadOnlyList<ShellVerb> All { get; } =
    [
        .. new[]
        {
            ReadVerbs.All, WriteVerbs.All, AccessVerbs.All, QuotaVerbs.All, WatchVerbs.All, EnsembleVerbs.All,
            HistoryVerbs.All, LifeVerbs.All,
        }.SelectMany(verbs => verbs).OrderBy(verb => verb.Name, StringComparer.Ordinal),
    ];

    /// <summary>The command of a name; null when there is none.</summary>
    public static ShellVerb? Find(string name) => All.FirstOrDefault(verb => verb.Name == name);

    /// <summary>A line for each command.</summary>
    public static string Help() => string.Join('\n', All.Select(verb => $"\t{verb.Line}"));
}
