namespace Zab.Transport.Grpc.Wire;

/// <summary>The limits of a <see cref="GrpcServer"/>.</summary>
internal sealed record GrpcServerOptions
{
    /// <summary>How long a connection may exist without a call, and a call without its headers.</summary>
    public required TimeSpan IdleTimeout { get; init; }

    /// <summary>After how much silence the other side is asked for a sign of life.</summary>
    public required TimeSpan KeepAliveDelay { get; init; }

    /// <summary>How long it may take to answer.</summary>
    public required TimeSpan KeepAliveTimeout { get; init; }

    /// <summary>How many connections may exist that no call has welcomed.</summary>
    public required int StrangersMax { get; init; }

    /// <summary>The clock of deadlines.</summary>
    public required TimeProvider TimeProvider { get; init; }
}
