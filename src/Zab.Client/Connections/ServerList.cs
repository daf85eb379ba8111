using System.Net;
using Zab.Core.Primitives;

namespace Zab.Client.Connections;

/// <summary>Which server is next, and how long to wait before it is tried.</summary>
/// <remarks>One owner; not thread-safe.</remarks>
internal sealed class ServerList
{
    private static readonly TimeSpan s_delayMin = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_delayMax = TimeSpan.FromSeconds(2);

    private readonly DnsEndPoint[] _servers;
    private readonly Prng _prng;
    private uint _next;

    /// <summary>Puts the servers in an order that the seed decides, so that many clients spread.</summary>
    public ServerList(IReadOnlyList<DnsEndPoint> servers, ulong seed)
    {
        (_servers, _prng) = ([.. servers], new Prng(seed));
        for (int i = _servers.Length - 1; i > 0; i--)
        {
            int other = _prng.Below(i + 1);
            (_servers[i], _servers[other]) = (_servers[other], _servers[i]);
        }
    }

    /// <summary>How many there are.</summary>
    public int Count => _servers.Length;

    /// <summary>The next server, round and round.</summary>
    public DnsEndPoint Next() => _servers[(int)(_next++ % (uint)_servers.Length)];

    /// <summary>How long to wait before an attempt: nothing before the first, then longer with each round
    /// over all servers, and never the same for all clients.</summary>
    /// <param name="attempt">Which attempt since the connection was lost, from 0.</param>
    public TimeSpan DelayBefore(int attempt)
    {
        if (attempt == 0)
        {
            return TimeSpan.Zero;
        }

        int doublings = Math.Min(attempt / _servers.Length, 10);
        double longest = Math.Min(
            s_delayMin.TotalMilliseconds * (1 << doublings), s_delayMax.TotalMilliseconds);
        return TimeSpan.FromMilliseconds((longest / 2) + _prng.Below(1 + (int)(longest / 2)));
    }
}
