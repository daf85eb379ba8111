using System.Security.Cryptography;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Transport.Grpc.Protocol;
using Zab.Transport.Grpc.Wire;

namespace Zab.Transport.Grpc.Links;

/// <summary>The Hello that this server says, and what it demands of the others' (ZB-72, ZB-73).</summary>
internal sealed class Handshake(GrpcTransportOptions options)
{
    /// <summary>The version of zab.proto and of the order of messages.</summary>
    public const uint ProtocolVersion = 1;

    /// <summary>The largest frame that is taken from someone who has not said Hello.</summary>
    public const int HelloBytesMax = 4096;

    private readonly ulong _processNonce =
        BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    /// <summary>This server's Hello to <paramref name="receiver"/>.</summary>
    public Frame HelloTo(ServerId receiver) => new()
    {
        Hello = new Hello
        {
            ProtocolVersion = ProtocolVersion,
            EnsembleId = options.EnsembleId,
            Sender = options.Self.Value,
            Receiver = receiver.Value,
            ProcessNonce = _processNonce,
        },
    };

    /// <summary>Checks a caller's Hello.</summary>
    /// <returns>OK, or what differs and what to change.</returns>
    public GrpcStatus CheckCaller(Hello hello, LinkKind kind)
    {
        GrpcStatus status = Check(hello);
        return status.Code == GrpcStatusCode.Ok && kind == LinkKind.Election
            && hello.Sender < options.Self.Value
            ? new GrpcStatus(GrpcStatusCode.InvalidArgument,
                $"server {hello.Sender} must wait for server {options.Self} to call: the larger id calls")
            : status;
    }

    /// <summary>Checks the Hello of the server that was dialled as <paramref name="peer"/>.</summary>
    /// <returns>OK, or what differs and what to change.</returns>
    public GrpcStatus CheckCalled(Hello hello, ServerId peer)
    {
        GrpcStatus status = Check(hello);
        return status.Code == GrpcStatusCode.Ok && hello.Sender != peer.Value
            ? Mismatch($"server {hello.Sender} answers where server {peer} was dialled: "
                + $"correct the address of server.{peer}")
            : status;
    }

    private GrpcStatus Check(Hello hello)
    {
        ServerId sender = new(hello.Sender);
        if (hello.ProtocolVersion != ProtocolVersion)
        {
            return Mismatch(
                $"server {options.Self} speaks version {ProtocolVersion} of the protocol and server {sender} "
                + $"version {hello.ProtocolVersion}: run versions of Zab that fit together");
        }

        if (hello.EnsembleId != options.EnsembleId)
        {
            return Mismatch(
                $"server {options.Self} is of the ensemble '{options.EnsembleId}' and server {sender} of "
                + $"'{Printable.Of(hello.EnsembleId)}': "
                + "write the same server.N lines, or the same ensemble id, for both, or correct the address "
                + "that led here");
        }

        if (sender == options.Self)
            return Mismatch($"this is server {sender} too: are two servers running with id {sender}?");
        if (!options.Peers.ContainsKey(sender))
        {
            return new GrpcStatus(GrpcStatusCode.InvalidArgument,
                $"server {options.Self} knows no server {sender}: add server.{sender} to its configuration");
        }

        return hello.Receiver == options.Self.Value
            ? GrpcStatus.Ok
            : Mismatch($"this is server {options.Self}, not server {hello.Receiver}: correct the address of "
                + $"server.{hello.Receiver} on server {sender}");
    }

    private static GrpcStatus Mismatch(string detail) => new(GrpcStatusCode.FailedPrecondition, detail);
}
