using System;
using Zab.Core.Primitives;

namespace Zab.Core.Recovery;

/// <summary>An entry of a history: where it stands, its bytes, and how many bytes of entries came before
/// it.</summary>
internal readonly record struct HistoryEntry(
    LogPosition Position, ReadOnlyMemory<byte> Body, long BytesBefore);
