using Zab.Core.Primitives;

namespace Zab;

/// <summary>What it takes to go on with a session through another node. Keep it secret: whoever has it has the
/// session.</summary>
/// <param name="Id">The session.</param>
/// <param name="Password">Its password: 16 bytes that nobody can guess.</param>
public sealed record SessionCredentials(SessionId Id, ReadOnlyMemory<byte> Password);
