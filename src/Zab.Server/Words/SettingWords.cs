using System.Globalization;
using Zab.Server.Statistics;

namespace Zab.Server.Words;

/// <summary>What a server was told: <c>conf</c>, <c>dirs</c>, <c>envi</c>. No password, nor a hash of
/// one.</summary>
internal static class SettingWords
{
    /// <summary>The answer to <c>envi</c>.</summary>
    public static IEnumerable<string> Environment() =>
        ServerEnvironment.All.Select(entry => $"{entry.Name}={entry.Value}\n").Prepend("Environment:\n");

    /// <summary>The answer to <c>dirs</c>.</summary>
    /// <remarks>Log and snapshots are in one directory.</remarks>
    public static IEnumerable<string> Directories(ServerFacts facts)
    {
        string bytes = (facts.DirectoryBytes() ?? 0).ToString(CultureInfo.InvariantCulture);
        return [$"datadir_size: {bytes}\n", $"logdir_size: {bytes}\n"];
    }

    /// <summary>The answer to <c>conf</c>.</summary>
    public static IEnumerable<string> Configuration(ServerFacts facts)
    {
        ZabNodeOptions options = facts.Options;
        long bytes = facts.DirectoryBytes() ?? 0;
        yield return $"""
            clientPort={facts.Port.EndPoint.Port}
            secureClientPort=-1
            dataDir={options.DataDirectory}
            dataDirSize={bytes}
            dataLogDir={options.DataDirectory}
            dataLogSize={bytes}
            tickTime={Milliseconds(options.TickTime)}
            maxClientCnxns={facts.Port.Options.ConnectionsPerAddressMax}
            minSessionTimeout={Milliseconds(options.SessionTimeoutMin)}
            maxSessionTimeout={Milliseconds(options.SessionTimeoutMax)}
            clientPortListenBacklog={facts.Port.Options.Backlog}
            serverId={options.ServerId}

            """.ReplaceLineEndings("\n");
        if (facts.IsAlone)
        {
            yield break;
        }

        yield return $"""
            initLimit={options.InitLimit}
            syncLimit={options.SyncLimit}
            electionAlg=3
            electionPort={facts.Self.ElectionPort}
            quorumPort={facts.Self.QuorumPort}
            peerType={(facts.Self.Role == ServerRole.Observer ? 1 : 0)}
            membership:{' '}

            """.ReplaceLineEndings("\n");
        foreach (EnsembleServer server in options.Ensemble.Servers)
        {
            yield return server.MemberLine + "\n";
        }

        yield return "version=0";
    }

    private static string Milliseconds(TimeSpan time) =>
        ((long)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
}
