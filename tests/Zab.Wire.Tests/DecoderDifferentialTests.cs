using System.Buffers.Binary;
using System.Globalization;
using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;

namespace Zab.Wire.Tests;

/// <summary>The decoder of requests against <see cref="NaiveDecoder"/>: the same verdict on every frame, and
/// the same fields.</summary>
public sealed class DecoderDifferentialTests
{
    private const int Frames = 60_000;

    private static readonly int[] s_counts =
        [-2, -1, 0, 1, 2, 4, 5, 6, 7, 16, 99, 255, 1_048_575, int.MaxValue, int.MinValue];

    [Fact]
    public void Two_decoders_read_the_same_out_of_every_frame()
    {
        Dictionary<int, int> verdicts = [];
        for (ulong seed = 1; seed <= Frames; seed++)
        {
            byte[] frame = Frame(seed);

            (int verdict, string fields) = NaiveDecoder.Decode(frame);
            ErrorCode error = RequestFormat.TryRead(frame, out WireRequest request);

            string hex = Convert.ToHexStringLower(frame);
            Assert.True(verdict == (int)error, $"seed {seed}: {verdict} and {error} of {hex}");
            string read = error is ErrorCode.Ok ? FieldsOf(request) : "";
            Assert.True(fields == read, $"seed {seed}: '{fields}' and '{read}' of {hex}");
            verdicts[verdict] = verdicts.GetValueOrDefault(verdict) + 1;
        }

        Assert.Equal([-8, -6, -5, 0], verdicts.Keys.Order());
        Assert.All(verdicts.Values, count => Assert.InRange(count, Frames / 200, Frames));
    }

    /// <summary>A frame of a client, as it is or spoilt: bytes changed, the end cut off, or a number within
    /// replaced by one that breaks decoders.</summary>
    private static byte[] Frame(ulong seed)
    {
        RandomPackets packets = new(seed);
        int kind = packets.Below(RandomPackets.Operations.Length + 5);
        JuteWriter writer = new(64);
        if (kind < RandomPackets.Operations.Length)
            RequestFormat.Write(writer, packets.Below(1000), packets.Request(RandomPackets.Operations[kind]));
        else
            WriteOther(writer, kind - RandomPackets.Operations.Length, packets);

        byte[] frame = packets.Below(3) == 0 ? writer.Written.ToArray() : packets.Damaged(writer.Written.Span);
        if (packets.Below(2) == 0 && frame.Length >= 12)
        {
            int at = packets.Below(4) == 0 ? 4 : 8 + packets.Below(frame.Length - 11);
            BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(at), s_counts[packets.Below(s_counts.Length)]);
        }

        return frame;
    }

    private static void WriteOther(JuteWriter writer, int kind, RandomPackets packets)
    {
        if (kind == 0)
        {
            RequestFormat.WriteAuth(writer, "digest", "a:b"u8.ToArray());
            return;
        }

        writer.WriteInt(packets.Below(1000));
        writer.WriteInt(kind switch { 1 => 16, 2 => 102, 3 => 11, _ => packets.Below(130) - 12 });
        writer.WriteString("server.1=a:1:2");
        writer.WriteBuffer(ReadOnlySpan<byte>.Empty);
        writer.WriteBuffer((ReadOnlyMemory<byte>?)null);
        writer.WriteLong(packets.Below(9));
    }

    private static string FieldsOf(in WireRequest request)
    {
        string fields = request.Type switch
        {
            WireType.Ping => "",
            WireType.Reconfig when request.Reconfiguration is { } asked =>
                $"{asked.Joining ?? "null"} {asked.Leaving ?? "null"} {asked.Members ?? "null"} {asked.ConfigId}",
            WireType.Sasl => Hex(request.Token),
            (int)OpCode.Auth => $" {request.Scheme} {Hex(request.Token)}",
            _ => FieldsOf(request.Operation!.Value),
        };
        Assert.Equal(request.Xid, request.Operation?.Cxid ?? request.Xid);
        return $"{request.Xid} {request.Type} {fields}";
    }

    private static string FieldsOf(ClientRequest request) => request.Op switch
    {
        OpCode.Multi or OpCode.MultiRead =>
            string.Concat(request.Operations!.Select(part => $"({(int)part.Op} {FieldsOf(part)})")),
        OpCode.CloseSession or OpCode.WhoAmI => "",
        OpCode.SetWatches => $"{request.Watches!.Seen.Value} {Texts(request.Watches.Data)} "
            + $"{Texts(request.Watches.Exist)} {Texts(request.Watches.Children)}",
        OpCode.SetWatches2 => $"{FieldsOf(request with { Op = OpCode.SetWatches })} "
            + $"{Texts(request.Watches!.Persistent)} {Texts(request.Watches.PersistentRecursive)}",
        OpCode.CreateTtl => $"{Created(request)} {request.TtlMs}",
        OpCode.Create or OpCode.Create2 or OpCode.CreateContainer => Created(request),
        OpCode.SetData => $"{request.Path} {Hex(request.Data)} {request.Version}",
        OpCode.SetAcl => $"{request.Path} {Entries(request.Acl)} {request.Version}",
        OpCode.Delete or OpCode.Check => $"{request.Path} {request.Version}",
        OpCode.Exists or OpCode.GetData or OpCode.GetChildren or OpCode.GetChildren2 =>
            $"{request.Path} {request.Watch}",
        OpCode.AddWatch => $"{request.Path} {(int)request.WatchMode! - 4}",
        OpCode.CheckWatches or OpCode.RemoveWatches => $"{request.Path} {(int?)request.WatchMode ?? 3}",
        _ => request.Path,
    };

    private static string Created(in ClientRequest request) =>
        $"{request.Path} {Hex(request.Data)} {Entries(request.Acl)} {(int)request.Mode}";

    private static string Entries(Acl? acl) => string.Join(
        ',',
        (acl ?? Acl.Open).Select(entry => string.Create(
            CultureInfo.InvariantCulture, $"{(int)entry.Permissions}:{entry.Scheme}:{entry.Id}")));

    private static string Texts(IReadOnlyList<string> texts) => string.Join(',', texts);

    private static string Hex(ReadOnlyMemory<byte>? bytes) =>
        bytes is { } some ? Convert.ToHexString(some.Span) : "null";
}
