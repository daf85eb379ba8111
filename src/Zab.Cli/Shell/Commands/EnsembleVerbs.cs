namespace Zab.Cli.Shell.Commands;

/// <summary>The commands about the servers of the ensemble.</summary>
internal static class EnsembleVerbs
{
    private const string ConfigNode = "/zookeeper/config";

    /// <summary>The commands.</summary>
    public static IReadOnlyList<ShellVerb> All { get; } =
    [
        new() { Name = "config", Usage = "[-c] [-w] [-s]", Switches = "cws", RunAsync = ConfigAsync },
        new()
        {
            Name = "reconfig",
            Usage = "[-s] [-v version] [[-file path] | [-members serverID=host:port1:port2;port3[,...]*]] | "
                + "[-add serverId=host:port1:port2;port3[,...]]* [-remove serverId[,...]*]",
            IsFree = true, OperandsMax = int.MaxValue,
            RunAsync = static (_, _, _) => throw new ShellException(
                "reconfig: a session of Zab cannot change the servers of an ensemble. They are those of "
                + "its configuration; see the server.N lines of zoo.cfg."),
        },
    ];

    private static async Task ConfigAsync(
        ShellContext shell, VerbArguments arguments, CancellationToken cancellationToken)
    {
        ZnodeSnapshot config = await ReadVerbs
            .GetAsync(shell, ConfigNode, arguments.Has('w'), cancellationToken).ConfigureAwait(false);
        string text = ShellText.Of(config.Data ?? ReadOnlyMemory<byte>.Empty);
        shell.Output.Line(arguments.Has('c') ? ClientAddresses(text) : text);
        if (arguments.Has('s'))
            shell.Output.Line(ShellText.Of(config.Stat, shell.TimeZone));
    }

    /// <summary>The version, and where clients connect: what follows the semicolons.</summary>
    public static string ClientAddresses(string config)
    {
        string version = "";
        List<string> addresses = [];
        foreach (string line in config.Split('\n', StringSplitOptions.TrimEntries))
        {
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            int semicolon = line.IndexOf(';', StringComparison.Ordinal);
            if (line.StartsWith("version=", StringComparison.Ordinal))
                version = line[(equals + 1)..];
            else if (line.StartsWith("server.", StringComparison.Ordinal) && semicolon > equals)
                addresses.Add(line[(semicolon + 1)..]);
        }

        return $"{version} {string.Join(',', addresses)}";
    }
}
