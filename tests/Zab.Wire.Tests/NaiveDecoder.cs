using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Zab.Wire.Tests;

/// <summary>A second decoder of requests, as short as the protocol allows: field after field from a table,
/// with exceptions, and without any care for time or memory.</summary>
/// <remarks>It shares no code with the one under test. It tells a verdict, and the fields as one line.</remarks>
internal sealed class NaiveDecoder(byte[] frame)
{
    private static readonly UTF8Encoding s_utf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>The fields of each operation: p a path, b bytes, a permissions, n a number, l a long number, f a
    /// flag, t a text that may be null, v a list of texts, c the flags of a create, w and m numbers of
    /// watches, i a number that means nothing.</summary>
    private static readonly Dictionary<int, string> s_fields = new()
    {
        [1] = "pbac", [2] = "pn", [3] = "pf", [4] = "pf", [5] = "pbn", [6] = "p", [7] = "pan", [8] = "pf",
        [9] = "p", [11] = "", [12] = "pf", [15] = "pbac", [16] = "tttl", [17] = "pm", [18] = "pm",
        [19] = "pbac", [21] = "pbacl", [100] = "ipb", [101] = "lvvv", [102] = "b", [103] = "p", [104] = "p",
        [105] = "lvvvvv", [106] = "pw", [107] = "", [-11] = "",
    };

    private int _at;

    public static (int Verdict, string Fields) Decode(byte[] frame)
    {
        try
        {
            NaiveDecoder decoder = new(frame);
            (int xid, int type) = (decoder.Int(), decoder.Int());
            string fields = type is 14 or 22 ? decoder.Multi(isMulti: type == 14)
                : s_fields.TryGetValue(type, out string? kinds) ? decoder.Operation(type, kinds)
                : throw new RefusedException(-6);
            return (0, $"{xid} {type} {fields}");
        }
        catch (RefusedException refused)
        {
            return (refused.Code, "");
        }
    }

    private string Multi(bool isMulti)
    {
        int[] allowed = isMulti ? [1, 2, 5, 13, 15, 19, 21] : [4, 8];
        StringBuilder parts = new();
        while (true)
        {
            (int type, bool isDone) = (Int(), Flag());
            _ = Int();
            if (isDone)
                return parts.ToString();
            if (!allowed.Contains(type))
                throw new RefusedException(-5);

            string part = Operation(type, type == 13 ? "pn" : s_fields[type], isPart: true);
            parts.Append(System.Globalization.CultureInfo.InvariantCulture, $"({type} {part})");
        }
    }

    private string Operation(int type, string kinds, bool isPart = false)
    {
        List<string> fields = [];
        int flags = 0;
        foreach (char kind in kinds)
        {
            fields.Add(kind switch
            {
                'p' => Text() ?? throw new RefusedException(-5),
                't' => Text() ?? "null",
                'b' => Bytes() is { } bytes ? Convert.ToHexString(bytes) : "null",
                'a' => Acl(),
                'n' => $"{Int()}",
                'i' => Int() is var _ ? "" : "",
                'l' => $"{Long()}",
                'f' => $"{Flag() && !(isPart && type is 4 or 8)}",
                'v' => string.Join(',', Several(() => Text() ?? throw new RefusedException(-5))),
                'c' => $"{flags = Int()}",
                'w' => Int() is var mode and (0 or 1) ? $"{mode}" : throw new RefusedException(-5),
                _ => Int() is var any and >= 1 and <= 5 ? $"{any}" : throw new RefusedException(-5),
            });
        }

        if (kinds.Contains('c', StringComparison.Ordinal))
            CheckFlags(type, flags, isPart);

        return string.Join(' ', fields);
    }

    private static void CheckFlags(int type, int flags, bool isPart)
    {
        int[] right = type switch { 19 => [4], 21 => [5, 6], _ => [0, 1, 2, 3] };
        if (!right.Contains(flags))
            throw new RefusedException(isPart && flags is < 0 or > 6 ? -5 : -8);
    }

    private string Acl() => string.Join(',', Several(() =>
    {
        int permissions = Int();
        return $"{permissions}:{Text()}:{Text()}";
    }).Distinct());

    private List<string> Several(Func<string> next)
    {
        List<string> items = [];
        int count = Int();
        for (int i = 0; i < count; i++)
        {
            items.Add(next());
        }

        return count >= -1 ? items : throw new RefusedException(-5);
    }

    private string? Text()
    {
        try
        {
            return Bytes() is { } bytes ? s_utf8.GetString(bytes) : null;
        }
        catch (DecoderFallbackException)
        {
            throw new RefusedException(-5);
        }
    }

    private byte[]? Bytes()
    {
        int length = Int();
        return length == -1 ? null : Take(length);
    }

    private bool Flag() => Take(1)[0] != 0;

    private int Int() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    private long Long() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

    private byte[] Take(int length)
    {
        if (length < 0 || length > frame.Length - _at)
            throw new RefusedException(-5);

        _at += length;
        return frame[(_at - length).._at];
    }

    [SuppressMessage("Design", "CA1032", Justification = "It is thrown and caught here alone.")]
    private sealed class RefusedException(int code) : Exception
    {
        public int Code => code;
    }
}
