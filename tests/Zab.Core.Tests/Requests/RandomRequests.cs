using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;

namespace Zab.Core.Tests.Requests;

/// <summary>Random requests over few paths and sessions, so that they meet.</summary>
internal sealed class RandomRequests(int seed)
{
    private static readonly string[] s_names = ["a", "b", "c", "ab", "\u4e2d"];
    private static readonly Identity s_identity = new("digest", "u:h");
    private int _lastCxid;

    public Prng Random { get; } = new((ulong)seed);

    /// <summary>A create, delete or set of a plain node, or the begin or end of a session.</summary>
    public ClientRequest Next() => new()
    {
        Session = new SessionId(0x0100000000000000 + Random.Below(5)),
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

    /// <summary>Any request that a leader may have to decide on; many are kept.</summary>
    public ClientRequest NextOfAll()
    {
        ClientRequest request = NextOperation();
        List<ClientRequest> operations = [];
        if (Random.OneIn(6))
        {
            for (int parts = Random.Below(5); parts > 0; parts--)
            {
                ClientRequest part = NextOperation();
                operations.Add(part.Op.IsPartOfMulti ? part : part with { Op = OpCode.Check });
            }

            request = request with { Op = OpCode.Multi, Operations = operations };
        }

        return request with
        {
            Cxid = ++_lastCxid,
            AnsweredUpTo = Random.OneIn(2) ? int.Max(0, _lastCxid - 1 - Random.Below(20)) : null,
            Identities = Random.OneIn(2) ? [s_identity, new Identity("ip", "10.0.0.1")] : null,
            Secret = Workbench.Secret,
        };
    }

    private ClientRequest NextOperation()
    {
        ClientRequest request = Next() with { Acl = NextAcl() };
        if (request.Op.IsCreate)
        {
            CreateMode mode = (CreateMode)Random.Below(7);
            return request with { Mode = mode, TtlMs = mode.HasTtl ? 1 + Random.Below(1_000) : 0 };
        }

        return Random.Below(12) switch
        {
            0 => request with { Op = OpCode.SetAcl },
            1 => request with { Op = OpCode.MoveSession },
            _ => request,
        };
    }

    private Acl? NextAcl() => Random.Below(6) switch
    {
        0 => Acl.Creator,
        1 => new Acl(new AclEntry(AclPermissions.All, s_identity.Scheme, s_identity.Id), new AclEntry(AclPermissions.Read, "world", "anyone")),
        2 => new Acl(),
        _ => null,
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
