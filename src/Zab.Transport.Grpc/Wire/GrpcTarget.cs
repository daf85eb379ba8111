using System.Net;

namespace Zab.Transport.Grpc.Wire;

/// <summary>Whom to call, and how.</summary>
internal sealed record GrpcTarget
{
    /// <summary>A name or an address; names are resolved anew for each call.</summary>
    public required string Host { get; init; }

    /// <summary>The port.</summary>
    public required int Port { get; init; }

    /// <summary>The method: <c>/package.Service/Method</c>.</summary>
    public required string Path { get; init; }

    /// <summary>How long connecting may take; each address of the host gets an equal part.</summary>
    public required TimeSpan ConnectTimeout { get; init; }

    /// <summary>The clock of that time-out.</summary>
    public required TimeProvider TimeProvider { get; init; }

    /// <summary>Finds the addresses of a host.</summary>
    public required Func<string, CancellationToken, Task<IPAddress[]>> ResolveAsync { get; init; }

    /// <summary>After how much silence the other side is asked for a sign of life.</summary>
    public required TimeSpan KeepAliveDelay { get; init; }

    /// <summary>How long it may take to answer.</summary>
    public required TimeSpan KeepAliveTimeout { get; init; }
}
