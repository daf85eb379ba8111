namespace Zab.Storage.Tests.Support;

/// <summary>The content of a simulated file: as it is seen, as it is on the medium, and what lies
/// between.</summary>
internal sealed class SimulatedInode
{
    private const int SectorBytes = 512;

    private readonly List<(long Offset, byte[] Bytes)> _pending = [];
    private byte[] _onMedium = [];

    public byte[] Content { get; private set; } = [];

    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        _pending.Add((offset, bytes.ToArray()));
        Content = Applied(Content, bytes, offset);
    }

    /// <summary>Takes to the medium what is pending, and nothing that a failed flush forgot.</summary>
    public void Flush()
    {
        foreach ((long offset, byte[] bytes) in _pending)
        {
            _onMedium = Applied(_onMedium, bytes, offset);
        }

        _pending.Clear();
    }

    /// <summary>A failed flush: what was pending will never be written, though it is still seen until a
    /// restart.</summary>
    public void ForgetPending() => _pending.Clear();

    public void LosePower(PowerLoss loss, Random random)
    {
        switch (loss)
        {
            case PowerLoss.KeepsAll:
                break;
            case PowerLoss.LosesAll:
                Content = [.. _onMedium];
                break;
            case PowerLoss.KeepsSome:
                Content = [.. _onMedium];
                foreach ((long offset, byte[] bytes) in _pending)
                {
                    KeepSome(bytes, offset, random);
                }

                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(loss));
        }

        _pending.Clear();
        _onMedium = [.. Content];
    }

    private void KeepSome(byte[] bytes, long offset, Random random)
    {
        for (int start = 0; start < bytes.Length;)
        {
            int length = Math.Min(SectorBytes - (int)((offset + start) % SectorBytes), bytes.Length - start);
            if (random.Next(2) == 0)
            {
                Content = Applied(Content, bytes.AsSpan(start, length), offset + start);
            }

            start += length;
        }
    }

    private static byte[] Applied(byte[] content, ReadOnlySpan<byte> bytes, long offset)
    {
        if (offset + bytes.Length > content.Length)
        {
            Array.Resize(ref content, (int)offset + bytes.Length);
        }

        bytes.CopyTo(content.AsSpan((int)offset));
        return content;
    }
}
