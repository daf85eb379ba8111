using System.Net;
using System.Net.Sockets;
using Zab.Transport.Grpc.Wire;

namespace Zab.Transport.Grpc.Tests;

public sealed class SelfConnectionTests
{
    [Fact]
    public async Task A_connection_with_itself_is_no_peer()
    {
        // What the system does by chance is done on purpose: the near end gets the port that is dialled.
        using CancellationTokenSource patience = new(Safety.Limit);
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback.MapToIPv6(), 0));
        IPEndPoint nobody = new(IPAddress.Loopback, ((IPEndPoint)socket.LocalEndPoint!).Port);

        SocketException refused = await Assert.ThrowsAsync<SocketException>(
            () => GrpcClientCall.DialAsync(socket, nobody, patience.Token));

        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
        using TcpListener peer = new(nobody);
        peer.Start(); // the port is free again
    }
}
