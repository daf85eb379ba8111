using Zab.Core.Ports;

namespace Zab.Transport.Grpc.Links;

/// <summary>The methods of zab.proto.</summary>
internal static class Methods
{
    /// <summary>The method that carries a link.</summary>
    public static string Of(LinkKind kind) => kind switch
    {
        LinkKind.Election => "/zab.v1.ElectionService/Connect",
        LinkKind.Quorum => "/zab.v1.QuorumService/Connect",
    };

    /// <summary>The port on which the method is served.</summary>
    public static int PortOf(LinkKind kind, GrpcPeer peer) => kind switch
    {
        LinkKind.Election => peer.ElectionPort,
        LinkKind.Quorum => peer.QuorumPort,
    };
}
