using System.Buffers.Binary;
using System.Text;
using Zab.Core.Primitives;

namespace Zab.Benchmarks.Port;

/// <summary>Frames of real traffic, spoilt.</summary>
internal static class MalformedFrames
{
    private static readonly byte[][] s_real = Real();

    /// <summary>The next one.</summary>
    public static byte[] Next(Prng prng)
    {
        List<byte> bytes = [.. s_real[prng.Below(s_real.Length)]];
        for (int changes = 1 + prng.Below(4); changes > 0 && bytes.Count > 0; changes--)
        {
            int at = prng.Below(bytes.Count);
            switch (prng.Below(6))
            {
                case 0:
                    bytes[at] = (byte)prng.Below(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << prng.Below(8));
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(bytes.Count - at, 1 + prng.Below(8)));
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(bytes.Count - at, 1 + prng.Below(16))));
                    break;
                case 4:
                    SetInt(bytes, at & ~3, prng.Below(2) == 0 ? int.MaxValue : -prng.Below(1000));
                    break;
                default:
                    SetInt(bytes, 0, bytes.Count - 4); // a right length: what is spoilt is within
                    break;
            }
        }

        return [.. bytes];
    }

    private static void SetInt(List<byte> bytes, int at, int value)
    {
        Span<byte> written = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(written, value);
        for (int i = 0; i < 4 && at + i < bytes.Count; i++)
        {
            bytes[at + i] = written[i];
        }
    }

    private static byte[][] Real()
    {
        byte[] path = RawSession.Text("/region-042/service-017");
        byte[] acl = [0, 0, 0, 1, 0, 0, 0, 31, .. RawSession.Text("world"), .. RawSession.Text("anyone")];
        byte[] create = [.. path, .. RawSession.Text("data"), .. acl, 0, 0, 0, 0];
        byte[] any = [255, 255, 255, 255];
        byte[] header = [.. any, 0, .. any];
        byte[] watches = [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, .. path, 0, 0, 0, 0, 0, 0, 0, 1, .. path];
        byte[] greeting = new byte[49];
        greeting[3] = 45;
        greeting[31] = 16;
        byte[] multi = [0, 0, 0, 13, 0, .. any, .. path, .. any, 0, 0, 0, 2, 0, .. any, .. path, .. any];
        return
        [
            greeting,
            RawSession.Request(1, 1, create),
            RawSession.Request(2, 15, create),
            RawSession.Request(3, 21, [.. create, 0, 0, 0, 0, 0, 0, 39, 16]),
            RawSession.Request(4, 2, [.. path, .. any]),
            RawSession.Request(5, 3, [.. path, 1]),
            RawSession.Request(6, 4, [.. path, 0]),
            RawSession.Request(7, 5, [.. path, .. RawSession.Text("more"), .. any]),
            RawSession.Request(8, 7, [.. path, .. acl, .. any]),
            RawSession.Request(9, 12, [.. path, 1]),
            RawSession.Request(10, 9, path),
            RawSession.Request(11, 14, [.. multi, .. any, 1, .. any]),
            RawSession.Request(12, 22, [0, 0, 0, 4, 0, .. any, .. path, 0, .. any, 1, .. any]),
            RawSession.Request(13, 16, [.. any, .. any, .. any, 0, 0, 0, 0, 0, 0, 0, 0]),
            RawSession.Request(-8, 101, watches),
            RawSession.Request(-8, 105, [.. watches, 0, 0, 0, 0, 0, 0, 0, 1, .. path]),
            RawSession.Request(14, 106, [.. path, 0, 0, 0, 1]),
            RawSession.Request(15, 18, [.. path, 0, 0, 0, 3]),
            RawSession.Request(
                -4, 100, [0, 0, 0, 0, .. RawSession.Text("digest"), .. RawSession.Text("a:b")]),
            RawSession.Request(16, 102, RawSession.Text("username=\"bob\",response=1")),
            RawSession.Request(17, 103, path),
            RawSession.Request(18, 104, path),
            RawSession.Request(19, 107),
            RawSession.Request(-2, 11),
            RawSession.Request(20, -11),
            Encoding.ASCII.GetBytes("mntr"),
            [.. header],
        ];
    }
}
