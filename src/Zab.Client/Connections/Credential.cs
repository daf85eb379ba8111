namespace Zab.Client.Connections;

/// <summary>What a session has proved who it is by; every connection must be told again.</summary>
/// <param name="Scheme">The scheme.</param>
/// <param name="Token">What proved it.</param>
internal sealed record Credential(string Scheme, ReadOnlyMemory<byte> Token)
{
    /// <summary>Whether two are the same.</summary>
    public bool IsSameAs(string scheme, ReadOnlySpan<byte> token) =>
        Scheme == scheme && Token.Span.SequenceEqual(token);
}
