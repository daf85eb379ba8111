using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Zab.Server.Admin;

/// <summary>Refuses questions that a page in somebody's browser asks behind his back.</summary>
/// <remarks>
/// <para>A page can make a browser on this network ask any address. It is told by the name that it asks for
/// (DNS rebinding: its own, which leads here), by its origin, and by what browsers say of the site that asks.
/// Programs say none of that. Headers that a proxy adds (<c>X-Forwarded-For</c> and its like) are never read:
/// anybody can write them.</para>
/// <para>Source: the advisories of etcd, CVE-2018-1098 and CVE-2018-1099, and of ZooKeeper,
/// CVE-2024-51504.</para>
/// </remarks>
/// <param name="hostNames">Names of hosts under which the server may be asked; <c>*</c> for any.</param>
internal sealed class RequestGuard(IEnumerable<string> hostNames)
{
    private readonly HashSet<string> _hostNames =
        new(hostNames.Append("localhost").Append(Dns.GetHostName()), StringComparer.OrdinalIgnoreCase);

    /// <summary>Why a request is refused; null when it is not. Repeats nothing that the request
    /// says.</summary>
    public string? WhyRefused(HttpRequest request)
    {
        string host = request.Host.Host.TrimEnd('.');
        StringValues origin = request.Headers.Origin;
        StringValues site = request.Headers["Sec-Fetch-Site"];
        return request.Host.HasValue && !IsAddress(host) && !_hostNames.Contains("*")
                && !_hostNames.Contains(host)
            ? "the name of the host is unknown here; ask by an address, or add the name to admin.hostNames"
            : origin.Count > 0 && origin != $"{request.Scheme}://{request.Host}"
            ? "pages of other origins are not answered"
            : site.Count > 0 && site != "same-origin" && site != "none"
            ? "pages of other sites are not answered"
            : null;
    }

    /// <summary>Whether a host is an address, which no page can make its own.</summary>
    private static bool IsAddress(string host) => IPAddress.TryParse(host, out _);
}
