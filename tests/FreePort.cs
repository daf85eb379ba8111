#pragma warning disable IDE0130 // One file, linked into several test projects: it is in no folder of theirs.
using System.Net;
using System.Net.Sockets;

namespace Zab;

/// <summary>Ports of this machine for servers that must be told theirs before they listen.</summary>
/// <remarks>They lie below those that systems give out by themselves, so that no connection of another test
/// takes one in the meantime. That of the same number for UDP, which no test needs, is held for as long as the
/// process lives: it keeps other test processes from choosing the same.</remarks>
internal static class FreePort
{
    private const int First = 10_000;
    private const int End = 32_768;

    private static readonly Lock s_lock = new();
    private static readonly List<Socket> s_held = [];

    /// <summary>A port that is free, and stays so for others who ask here.</summary>
    public static int Next()
    {
        while (true)
        {
            int port = Random.Shared.Next(First, End);
            if (TryHold(port) && IsFree(port))
            {
                return port;
            }
        }
    }

    private static bool TryHold(int port)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        }
        catch (SocketException)
        {
            socket.Dispose();
            return false;
        }

        lock (s_lock)
        {
            s_held.Add(socket);
        }

        return true;
    }

    private static bool IsFree(int port)
    {
        try
        {
            using TcpListener probe = new(IPAddress.Loopback, port);
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
