using System.Net;

namespace Zab.Transport.Grpc.Wire;

/// <summary>One method, served at some addresses; nothing else is served there.</summary>
/// <param name="Path">The method: <c>/package.Service/Method</c>.</param>
/// <param name="Addresses">Where to listen.</param>
/// <param name="Handler">Handles a call and closes it; what it throws ends the call and nothing else.</param>
internal sealed record GrpcService(
    string Path, IReadOnlyList<IPEndPoint> Addresses, Func<GrpcServerCall, Task> Handler);
