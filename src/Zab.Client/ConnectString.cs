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
    public static ConnectString Parse(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        string hosts = slash < 0 ? text : text[..slash];
        string chroot = slash < 0 ? PathRules.Root : text[slash..].Trim();
        if (!PathRules.IsValid(chroot))
        {
            throw new ArgumentException($"'{chroot}' is no path of a node.", nameof(text));
        }

        DnsEndPoint[] servers =
        [
            .. hosts.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(ServerOf),
        ];
        return servers.Length > 0
            ? new ConnectString(servers, new Chroot(chroot))
            : throw new ArgumentException($"'{text}' names no server: write host:port.", nameof(text));
    }

    private static DnsEndPoint ServerOf(string text)
    {
        int colon = text.LastIndexOf(':');
        bool hasPort = colon >= 0 && !text.EndsWith(']');
        string host = (hasPort ? text[..colon] : text).Trim('[', ']');
        int port = PortWhenLeftOut;
        bool isPort = !hasPort || int.TryParse(
            text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port);
        return isPort && host.Length > 0 && port is > 0 and <= IPEndPoint.MaxPort
            ? new DnsEndPoint(host, port)
            : throw new ArgumentException($"'{text}' is no server: write host:port.", nameof(text));
    }
}
