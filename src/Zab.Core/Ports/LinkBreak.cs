namespace Zab.Core.Ports;

/// <summary>The wish to end a link, and why.</summary>
internal readonly record struct LinkBreak(Link Link, string Reason);
