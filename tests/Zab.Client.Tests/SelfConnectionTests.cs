using System.Net;
using System.Net.Sockets;
using Zab.Client.Connections;

namespace Zab.Client.Tests;

public sealed class SelfConnectionTests
{
    [Fact]
    public async Task A_connection_with_itself_is_no_server()
    {
        // What the system does by chance is done on purpose: the near end gets the port that is dialled.
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback.MapToIPv6(), 0));
        DnsEndPoint nobody = new("127.0.0.1", ((IPEndPoint)socket.LocalEndPoint!).Port);

        SocketException refused = await Assert.ThrowsAsync<SocketException>(
            () => ServerLink.DialAsync(socket, nobody, CancellationToken.None).WaitAsync(Safety.Limit));

        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
        using TcpListener server = new(IPAddress.Loopback, nobody.Port);
        server.Start(); // the port is free again
    }
}
