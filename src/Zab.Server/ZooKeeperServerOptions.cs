using Zab.Server.Configuration;

namespace Zab.Server;

/// <summary>How a stand-alone server runs: its node, the port for clients, and what it tells of
/// itself.</summary>
/// <remarks>A value; safe to share, but for a transport or a log store of its node.</remarks>
public sealed record ZooKeeperServerOptions
{
    /// <summary>The node.</summary>
    public required ZabNodeOptions Node { get; init; }

    /// <summary>The port for clients.</summary>
    public required ZooKeeperPortOptions Port { get; init; }

    /// <summary>Where the server answers questions over HTTP; nowhere when null.</summary>
    public AdminServerOptions? Admin { get; init; }

    /// <summary>Reads ZooKeeper's configuration file, and the file <c>myid</c> in its
    /// <c>dataDir</c>.</summary>
    /// <remarks>
    /// <para>As <see cref="ZabNodeOptions.FromZooCfg"/>, with the keys of the port: <c>docs/zoo-cfg.md</c>
    /// lists them. The names of hosts are looked up.</para>
    /// <para>A file without <c>server.N</c> lines makes a server that is alone: its number is 1, it needs no
    /// <c>myid</c>, and it opens no ports but those for clients.</para>
    /// </remarks>
    /// <param name="path">The file.</param>
    /// <returns>Options that can be used.</returns>
    /// <exception cref="ZabConfigurationException">The file cannot be read or used. Every problem is listed,
    /// with the number of its line where it has one, and says what to write instead.</exception>
    public static ZooKeeperServerOptions FromZooCfg(string path) => ServerCfg.Read(path);
}
