using System.Text;
using Zab.Core.Primitives;

namespace Zab;

/// <summary>One server of an ensemble: the content of one <c>server.N=</c> line.</summary>
/// <remarks>Made by <see cref="EnsembleConfig.Parse"/> alone, which checks it. Immutable.</remarks>
public sealed record EnsembleServer
{
    internal EnsembleServer()
    {
    }

    /// <summary>The N of <c>server.N</c>.</summary>
    public required ServerId Id { get; init; }

    /// <summary>The name or the address under which the other servers reach it; an IPv6 address is without
    /// brackets.</summary>
    public required string Host { get; init; }

    /// <summary>The port on which it serves its learners while it leads (ZooKeeper's 2888). 0 when the line
    /// has no ports.</summary>
    public int QuorumPort { get; init; }

    /// <summary>The port of elections (ZooKeeper's 3888). 0 when the line has no ports.</summary>
    public int ElectionPort { get; init; }

    /// <summary>Whether it votes.</summary>
    public ServerRole Role { get; init; } = ServerRole.Participant;

    /// <summary>The address of the client port in the <c>;</c> part of the line. Null when it is not given.
    /// Kept, not used.</summary>
    public string? ClientHost { get; init; }

    /// <summary>The client port in the <c>;</c> part of the line. Null when it is not given. Kept, not
    /// used.</summary>
    public int? ClientPort { get; init; }

    /// <summary>Whether the line names the ports.</summary>
    internal bool HasPorts => QuorumPort != 0;

    /// <summary>The line in its canonical form: <c>server.4=host:2888:3888:observer;2181</c>.</summary>
    public override string ToString()
    {
        StringBuilder line = new(AddressLine);
        if (Role == ServerRole.Observer)
        {
            line.Append(":observer");
        }

        if (ClientPort is int clientPort)
        {
            line.Append(';').Append(ClientHost is null ? "" : Bracketed(ClientHost) + ":").Append(clientPort);
        }

        return line.ToString();
    }

    /// <summary>The line without what may change freely: the role and the client port.</summary>
    internal string AddressLine => HasPorts
        ? $"server.{Id}={Bracketed(Host)}:{QuorumPort}:{ElectionPort}"
        : $"server.{Id}={Bracketed(Host)}";

    /// <summary>The line with its role always, as ZooKeeper shows it to clients.</summary>
    internal string MemberLine
    {
        get
        {
            string line = (this with { ClientHost = ClientHost ?? "0.0.0.0" }).ToString();
            return Role == ServerRole.Observer ? line : line.Insert(AddressLine.Length, ":participant");
        }
    }

    private static string Bracketed(string host) =>
        host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
}
