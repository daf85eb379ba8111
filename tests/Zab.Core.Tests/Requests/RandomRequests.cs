using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;

namespace Zab.Core.Tests.Requests;

/// <summary>Random requests over few paths and sessions, so that they meet.</summary>
internal sealed class RandomRequests(int seed)
{
    private static readonly string[] s_names = ["a", "b", "c", "ab", "\u4e2d"];

    public Prng Random { get; } = new((ulong)seed);

    public ClientRequest Next() => new()
    {
        Session = new SessionId(1 + Random.Below(5)),
        Cxid = Random.Below(1_000),
        Op = Random.Below(16) switch
        {
            < 6 => OpCode.Create2,
            6 => OpCode.Create,
            < 10 => OpCode.Delete,
            < 13 => OpCode.SetData,
            < 15 => OpCode.CreateSession,
            _ => OpCode.CloseSession,
        },
        Path = Path(),
        Data = Random.Below(5) switch
        {
            0 => (ReadOnlyMemory<byte>?)null,
            1 => ReadOnlyMemory<byte>.Empty,
            int length => new byte[length * Random.Below(30)],
        },
        Mode = (CreateMode)Random.Below(4),
        Version = Random.OneIn(4) ? Random.Below(3) : -1,
        TimeoutMs = 1 + Random.Below(100),
    };

    private string Path()
    {
        if (Random.OneIn(50))
            return Random.OneIn(2) ? "/" : "/a//b";

        string path = "";
        for (int depth = 1 + Random.Below(3); depth > 0; depth--)
        {
            path += $"/{s_names[Random.Below(s_names.Length)]}";
        }

        return path;
    }
}
