using Zab.Core.Primitives;

namespace Zab.Core.Watches;

/// <summary>One event that a watch tells its session.</summary>
/// <param name="Type">What happened.</param>
/// <param name="Path">The node to which it happened; for a recursive watch, the watched node or one below
/// it.</param>
/// <param name="Zxid">The transaction that did it.</param>
public readonly record struct WatchEvent(WatchEventType Type, string Path, Zxid Zxid);
