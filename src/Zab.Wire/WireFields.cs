using Zab.Core.Primitives;

namespace Zab.Wire;

/// <summary>Fields that several packets have.</summary>
internal static class WireFields
{
    /// <summary>A buffer, which may be null, as part of the memory that is read.</summary>
    public static bool TryReadMemory(
        ref JuteReader reader, ReadOnlyMemory<byte> bytes, out ReadOnlyMemory<byte>? memory)
    {
        bool read = reader.TryReadBuffer(out ReadOnlySpan<byte> span, out bool isNull);
        memory = !read || isNull
            ? (ReadOnlyMemory<byte>?)null
            : bytes.Slice(reader.Position - span.Length, span.Length);
        return read;
    }
}
