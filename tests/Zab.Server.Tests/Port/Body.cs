using System.Buffers.Binary;
using System.Text;

namespace Zab.Server.Tests.Port;

/// <summary>Bytes as a client would write them, one field after the other.</summary>
internal sealed class Body
{
    private readonly List<byte> _bytes = [];

    public Body Byte(byte value)
    {
        _bytes.Add(value);
        return this;
    }

    public Body Int(int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return Raw(bytes.ToArray());
    }

    public Body Long(long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return Raw(bytes.ToArray());
    }

    public Body Buffer(byte[] value) => Int(value.Length).Raw(value);

    public Body Text(string value) => Buffer(Encoding.UTF8.GetBytes(value));

    public Body Raw(byte[] value)
    {
        _bytes.AddRange(value);
        return this;
    }

    public byte[] ToArray() => [.. _bytes];

    /// <summary>The bytes behind their length.</summary>
    public byte[] Frame() => new Body().Int(_bytes.Count).Raw([.. _bytes]).ToArray();
}
