using System.Net;

namespace Zab.Server;

/// <summary>How a node listens for ZooKeeper's clients.</summary>
/// <remarks>A value; safe to share. What sessions may ask, and how long they last, are options of the node
/// (<see cref="ZabNodeOptions"/>).</remarks>
public sealed record ZooKeeperPortOptions
{
    /// <summary>The TCP port, from 1 to 65535, 2181 by custom; 0 for one that the system chooses.</summary>
    public required int Port { get; init; }

    /// <summary>The address to listen on (ZooKeeper's <c>clientPortAddress</c>); every address of the machine
    /// when null.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>How many connections may come from one address (ZooKeeper's <c>maxClientCnxns</c>); 0 for any
    /// number. A connection beyond that is closed at once.</summary>
    public int ConnectionsPerAddressMax { get; init; } = 60;

    /// <summary>How many connections there may be in all (ZooKeeper's <c>maxCnxns</c>); 0 for any number. A
    /// connection beyond that is closed at once.</summary>
    public int ConnectionsMax { get; init; }

    /// <summary>How many connections may wait to be accepted (ZooKeeper's <c>clientPortListenBacklog</c>). 1
    /// or more; the system may allow fewer.</summary>
    public int Backlog { get; init; } = 1024;

    /// <summary>How long a client may take to send its first packet. More than 0.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The four-letter words that are answered (ZooKeeper's <c>4lw.commands.whitelist</c>);
    /// <c>*</c> for all.</summary>
    public IReadOnlyList<string> FourLetterWords { get; init; } = ["srvr"];

    /// <summary>The users, and their passwords, of SASL's DIGEST-MD5; nobody may use SASL when it is
    /// empty.</summary>
    public IReadOnlyDictionary<string, string> SaslUsers { get; init; } = new Dictionary<string, string>();

    /// <summary>Checks the options.</summary>
    /// <exception cref="ZabConfigurationException">Something must change. Every problem is
    /// listed.</exception>
    internal void Validate()
    {
        List<string> problems = [];
        Check(Port is >= 0 and <= IPEndPoint.MaxPort, $"{nameof(Port)} is {Port}: from 0 to 65535");
        Check(
            ConnectionsPerAddressMax >= 0,
            $"{nameof(ConnectionsPerAddressMax)} is {ConnectionsPerAddressMax}: 0 or more");
        Check(ConnectionsMax >= 0, $"{nameof(ConnectionsMax)} is {ConnectionsMax}: 0 or more");
        Check(Backlog > 0, $"{nameof(Backlog)} is {Backlog}: 1 or more");
        Check(
            HandshakeTimeout > TimeSpan.Zero,
            $"{nameof(HandshakeTimeout)} is {HandshakeTimeout}: more than 0");
        if (problems.Count > 0)
        {
            throw new ZabConfigurationException(nameof(ZooKeeperPortOptions), problems);
        }

        void Check(bool isRight, string problem)
        {
            if (!isRight)
            {
                problems.Add(problem);
            }
        }
    }
}
