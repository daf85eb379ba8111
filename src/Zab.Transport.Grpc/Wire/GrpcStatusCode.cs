namespace Zab.Transport.Grpc.Wire;

/// <summary>How a call ended. Source: gRPC's table of status codes; the ones that this library sends or
/// names.</summary>
internal enum GrpcStatusCode
{
    /// <summary>The call did what it was for.</summary>
    Ok = 0,

    /// <summary>The other side ended the call without a status of gRPC.</summary>
    Unknown = 2,

    /// <summary>The caller said something that can never be right.</summary>
    InvalidArgument = 3,

    /// <summary>The time that the caller allowed is over.</summary>
    DeadlineExceeded = 4,

    /// <summary>A message is larger than the receiver takes.</summary>
    ResourceExhausted = 8,

    /// <summary>The two sides do not fit together as they are configured.</summary>
    FailedPrecondition = 9,

    /// <summary>The call gave way to another.</summary>
    Aborted = 10,

    /// <summary>The method, or the compression, is not served here.</summary>
    Unimplemented = 12,

    /// <summary>The rules of the wire protocol were broken.</summary>
    Internal = 13,

    /// <summary>The server is stopping.</summary>
    Unavailable = 14,

    /// <summary>Bytes were lost or changed on the way.</summary>
    DataLoss = 15,
}
