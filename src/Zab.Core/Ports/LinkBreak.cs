namespace Zab.Core.Ports;

/// <summary>The wish to end a link, and why.</summary>
/// <param name="Link">The link.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="IsViolation">Whether the peer said what cannot be said: over links that keep their promise,
/// between servers without a bug, that does not happen (S20).</param>
internal readonly record struct LinkBreak(Link Link, string Reason, bool IsViolation = false);
