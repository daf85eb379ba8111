using System.Diagnostics.CodeAnalysis;

namespace Zab.Transport.Grpc.Wire;

/// <summary>A call that ended, or must end, with a status other than OK.</summary>
[SuppressMessage("Design", "CA1032", Justification = "It is nothing without a status.")]
[SuppressMessage("Design", "CA1064",
    Justification = "It never leaves this library: the transport turns it into a reason.")]
internal sealed class GrpcException(GrpcStatus status) : Exception(status.ToString())
{
    /// <summary>Makes the exception from the parts of a status.</summary>
    public GrpcException(GrpcStatusCode code, string detail)
        : this(new GrpcStatus(code, detail))
    {
    }

    /// <summary>The status.</summary>
    public GrpcStatus Status { get; } = status;
}
