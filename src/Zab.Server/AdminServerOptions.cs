using System.Net;

namespace Zab.Server;

/// <summary>Where a server answers questions about itself over HTTP.</summary>
/// <remarks>A value; safe to share. Whoever reaches the address is answered: open it to nobody but those who
/// may see the names of all znodes and the addresses of all clients.</remarks>
public sealed record AdminServerOptions
{
    /// <summary>The TCP port (ZooKeeper's <c>admin.serverPort</c>), from 1 to 65535; 0 for one that the
    /// system chooses.</summary>
    public int Port { get; init; } = 8080;

    /// <summary>The address to listen on (ZooKeeper's <c>admin.serverAddress</c>); this machine alone when
    /// not set.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The path under which the commands are (ZooKeeper's <c>admin.commandURL</c>). It begins with a
    /// slash, and does not end with one.</summary>
    public string CommandPath { get; init; } = "/commands";

    /// <summary>Names of hosts under which the server may be asked, beside addresses, <c>localhost</c>, the
    /// name of this machine and the names of the servers of the ensemble; <c>*</c> for any.</summary>
    /// <remarks>Another name in a request is a page in somebody's browser whose name was made to lead here
    /// (DNS rebinding): it is refused.</remarks>
    public IReadOnlyList<string> HostNames { get; init; } = [];

    /// <summary>What the file says that the server was started from, without its secrets.</summary>
    internal IReadOnlyList<KeyValuePair<string, string>> Settings { get; init; } = [];

    /// <summary>The text of the file that the server was started from, without its secrets; null when there
    /// is none.</summary>
    internal string? ConfigurationText { get; init; }

    /// <summary>Checks the options.</summary>
    /// <exception cref="ZabConfigurationException">Something must change. Every problem is
    /// listed.</exception>
    internal void Validate()
    {
        List<string> problems = [];
        if (Port is < 0 or > IPEndPoint.MaxPort)
        {
            problems.Add($"{nameof(Port)} is {Port}: from 0 to 65535");
        }

        if (!IsPath(CommandPath))
        {
            problems.Add($"{nameof(CommandPath)} is '{CommandPath}': /<path>");
        }

        if (problems.Count > 0)
        {
            throw new ZabConfigurationException(nameof(AdminServerOptions), problems);
        }
    }

    /// <summary>Whether commands can be under a path.</summary>
    internal static bool IsPath(string path) => path.Length >= 2 && path[0] == '/' && path[^1] != '/';
}
