using Zab.Transport.Grpc.Wire;

namespace Zab.Transport.Grpc.Links;

/// <summary>Why a link ends.</summary>
/// <param name="Reason">In words, for the logs of both ends.</param>
/// <param name="Code">The status of the call, where this side serves it.</param>
/// <param name="SayGoodbye">Whether the other side is still there to be told.</param>
internal sealed record LinkEnd(string Reason, GrpcStatusCode Code, bool SayGoodbye);
