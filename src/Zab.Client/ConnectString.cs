using System.Globalization;
using System.Net;
using Zab.Client.Connections;
using Zab.Core.Tree;

namespace Zab.Client;

/// <summary>The servers to connect to, and the node that stands for the root.</summary>
/// <param name="Servers">At least one.</param>
/// <param name="Chroot">The node.</param>
internal sealed record ConnectString(IReadOnlyList<DnsEndPoint> Servers, Chroot Chroot)
{
    private const int PortWhenLeftOut = 2181;

    /// <summary>Reads <c>host:port,host:port/chroot</c>. An address of IPv6 stands in brackets.</summary>
    /// <exception cref="ArgumentException">It is not written like that.</exception>
    public static ConnectString Parse(string servers)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(servers);
        int slash = servers.IndexOf('/', StringComparison.Ordinal);
        string hosts = slash < 0 ? servers : servers[..slash];
        string chroot = slash < 0 ? PathRules.Root : servers[slash..].Trim();
        if (!PathRules.IsValid(chroot))
        {
            throw new ArgumentException($"'{chroot}' is no path of a node.", nameof(servers));
        }

        DnsEndPoint[] parsed =
        [
            .. hosts.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(ServerOf),
        ];
        return parsed.Length > 0
            ? new ConnectString(parsed, new Chroot(chroot))
            : throw new ArgumentException($"'{servers}' names no server: write host:port.", nameof(servers));

        DnsEndPoint ServerOf(string text) => TryParse(text)
            ?? throw new ArgumentException($"'{text}' is no server: write host:port.", nameof(servers));
    }

    private static DnsEndPoint? TryParse(string text)
    {
        int colon = text.LastIndexOf(':');
        bool hasPort = colon >= 0 && !text.EndsWith(']');
        string host = (hasPort ? text[..colon] : text).Trim('[', ']');
        int port = PortWhenLeftOut;
        bool isPort = !hasPort || int.TryParse(
            text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port);
        return isPort && host.Length > 0 && port is > 0 and <= IPEndPoint.MaxPort
            ? new DnsEndPoint(host, port)
            : null;
    }
}
