using Zab.Core.Primitives;

namespace Zab.Testing.Simulation.Disks;

/// <summary>Bytes that grow, with holes of zeros. A copy costs nothing before one of the two is
/// changed.</summary>
internal sealed class FileBytes
{
    private byte[] _bytes = []; // zeros behind the length
    private bool _isShared;

    /// <summary>How many there are.</summary>
    public int Length { get; private set; }

    /// <summary>All of them, until the next change.</summary>
    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    /// <summary>A copy, which goes its own way.</summary>
    public FileBytes Copy()
    {
        _isShared = true;
        return new FileBytes { _bytes = _bytes, Length = Length, _isShared = true };
    }

    /// <summary>Writes at an offset; a gap between the end and the offset is filled with zeros.</summary>
    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        Invariant.Holds(offset >= 0);
        if (bytes.IsEmpty)
        {
            return; // which makes no file longer
        }

        int end = checked((int)offset + bytes.Length);
        Own(end);
        bytes.CopyTo(_bytes.AsSpan((int)offset));
        Length = Math.Max(Length, end);
    }

    /// <summary>Makes it as long as <paramref name="length"/> at least, with zeros.</summary>
    public void Extend(long length)
    {
        if (length > Length)
        {
            int end = checked((int)length);
            Own(end);
            Length = end;
        }
    }

    /// <summary>Cuts off what is behind <paramref name="length"/>.</summary>
    public void Truncate(long length)
    {
        if (length < Length)
        {
            Own(Length);
            _bytes.AsSpan((int)length, Length - (int)length).Clear();
            Length = (int)length;
        }
    }

    // Doubles, so that a file written piece by piece is not copied with each piece.
    private void Own(int capacity)
    {
        if (capacity > _bytes.Length || _isShared)
        {
            int room = capacity <= _bytes.Length ? _bytes.Length
                : Length == 0 ? capacity
                : Math.Max(capacity, (int)Math.Min(2L * _bytes.Length, Array.MaxLength));
            byte[] grown = new byte[room];
            _bytes.AsSpan(0, Length).CopyTo(grown);
            _bytes = grown;
            _isShared = false;
        }
    }
}
