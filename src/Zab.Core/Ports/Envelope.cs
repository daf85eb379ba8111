using Zab.Core.Messages;

namespace Zab.Core.Ports;

/// <summary>A message and the link on which it leaves.</summary>
internal readonly record struct Envelope(Link Link, Message Message);
