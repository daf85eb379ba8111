using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Zab.Core.Primitives;

namespace Zab.Configuration;

/// <summary>Reads one <c>server.N=…</c> line. The gateway: what passes here is a server that can be
/// addressed.</summary>
/// <remarks>Source: ZooKeeper <c>QuorumPeer.QuorumServer</c>.</remarks>
internal static class ServerLine
{
    /// <summary>What a line looks like, for messages.</summary>
    public const string Expected =
        "server.N=host:quorumPort:electionPort[:participant|:observer][;[clientHost:]clientPort]";

    private const string KeyPrefix = "server.";

    /// <summary>Reads the key and the value of a line.</summary>
    /// <exception cref="FormatException">It is no such line. The message says what is expected and what was
    /// found.</exception>
    public static EnsembleServer Parse(string key, string value)
    {
        if (!key.StartsWith(KeyPrefix, StringComparison.Ordinal))
        {
            throw new FormatException($"expected {Expected}, found '{key}={value}'");
        }

        if (!TryNumber(key.AsSpan(KeyPrefix.Length), ServerId.Min, ServerId.Max, out int id))
        {
            throw new FormatException(
                $"expected a number from {ServerId.Min} to {ServerId.Max} after 'server.', found '{key}'");
        }

        int semicolon = value.IndexOf(';', StringComparison.Ordinal);
        if (semicolon < 0)
        {
            return ParseAddress(new ServerId(id), value);
        }

        EnsembleServer server = ParseAddress(new ServerId(id), value[..semicolon].TrimEnd());
        (string? clientHost, int clientPort) = ParseClientPart(value[(semicolon + 1)..].TrimStart());
        return server with { ClientHost = clientHost, ClientPort = clientPort };
    }

    private static EnsembleServer ParseAddress(ServerId id, string address)
    {
        (string host, string tail) = SplitHost(address);
        if (IPAddress.TryParse(host, out IPAddress? every)
            && (every.Equals(IPAddress.Any) || every.Equals(IPAddress.IPv6Any)))
        {
            throw new FormatException(
                $"nobody can reach {host}: write the server's own address, the same on every server; "
                + "quorumListenOnAllIPs=true (ListenOnAllAddresses) makes it listen on every address");
        }

        string[] parts = tail.Split(':');
        return parts switch
        {
            [""] => new EnsembleServer { Id = id, Host = host },
            ["", string quorum, string election] => new EnsembleServer
            {
                Id = id,
                Host = host,
                QuorumPort = ParsePort(quorum, "a quorum port"),
                ElectionPort = ParsePort(election, "an election port"),
            },
            ["", string quorum, string election, string role] => new EnsembleServer
            {
                Id = id,
                Host = host,
                QuorumPort = ParsePort(quorum, "a quorum port"),
                ElectionPort = ParsePort(election, "an election port"),
                Role = ParseRole(role),
            },
            _ => throw new FormatException($"expected {Expected}, found 'server.{id}={address}'"),
        };
    }

    private static (string? Host, int Port) ParseClientPart(string part)
    {
        int lastColon = part.LastIndexOf(':');
        int port = ParsePort(part[(lastColon + 1)..], "a client port");
        if (lastColon < 0)
        {
            return (null, port);
        }

        (string host, string tail) = SplitHost(part[..lastColon]);
        return tail.Length == 0 ? (host, port)
            : throw new FormatException($"expected [clientHost:]clientPort after ';', found '{part}'");
    }

    /// <summary>Divides <c>host:tail</c> or <c>[v6]:tail</c>. The tail is empty or begins with its
    /// colon.</summary>
    private static (string Host, string Tail) SplitHost(string text)
    {
        if (text.Contains('|', StringComparison.Ordinal))
        {
            throw new FormatException($"several addresses are not supported; keep one of '{text}'");
        }

        int end = text.StartsWith('[')
            ? text.IndexOf(']', StringComparison.Ordinal) + 1
            : text.IndexOf(':', StringComparison.Ordinal);
        string host = end < 0 ? text : text[..end];
        string tail = end < 0 ? "" : text[end..];
        if (text.StartsWith('['))
        {
            bool isV6 = end > 0 && IPAddress.TryParse(host[1..^1], out IPAddress? address)
                && address.AddressFamily == AddressFamily.InterNetworkV6;
            return isV6 && (tail.Length == 0 || tail[0] == ':') ? (host[1..^1], tail)
                : throw new FormatException($"expected an IPv6 address in brackets and ':', found '{text}'");
        }

        if (tail.Contains("::", StringComparison.Ordinal) || tail.AsSpan().Count(':') > 4)
        {
            throw new FormatException($"put an IPv6 address in brackets, as [::1]:2888:3888; found '{text}'");
        }

        return Uri.CheckHostName(host) is UriHostNameType.Dns or UriHostNameType.IPv4 ? (host, tail)
            : throw new FormatException($"expected the name or the address of a host, found '{host}'");
    }

    private static ServerRole ParseRole(string text) =>
        text.Equals("participant", StringComparison.OrdinalIgnoreCase) ? ServerRole.Participant
        : text.Equals("observer", StringComparison.OrdinalIgnoreCase) ? ServerRole.Observer
        : throw new FormatException($"expected the role 'participant' or 'observer', found '{text}'");

    private static int ParsePort(string text, string what) =>
        TryNumber(text, IPEndPoint.MinPort + 1, IPEndPoint.MaxPort, out int port) ? port
        : throw new FormatException($"expected {what} from 1 to {IPEndPoint.MaxPort}, found '{text}'");

    private static bool TryNumber(ReadOnlySpan<char> text, int min, int max, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number)
        && number >= min && number <= max;
}
