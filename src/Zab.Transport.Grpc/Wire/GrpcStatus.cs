namespace Zab.Transport.Grpc.Wire;

/// <summary>How a call ended, and why in words.</summary>
/// <param name="Code">The status code; a peer may send one that has no name here.</param>
/// <param name="Detail">The reason, for people; empty when there is nothing to say.</param>
internal readonly record struct GrpcStatus(GrpcStatusCode Code, string Detail)
{
    /// <summary>A clean end.</summary>
    public static GrpcStatus Ok => new(GrpcStatusCode.Ok, "");

    /// <summary>The detail and the code.</summary>
    public override string ToString() => Detail.Length == 0 ? $"{Code}" : $"{Detail} ({Code})";
}
