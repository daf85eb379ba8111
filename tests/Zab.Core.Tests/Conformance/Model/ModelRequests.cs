using System.Text;
using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Core.Watches;

namespace Zab.Core.Tests.Conformance.Model;

/// <summary>Random requests of every kind, over few paths so that they meet.</summary>
internal sealed class ModelRequests(Prng random)
{
    private static readonly string[] s_names = ["a", "b", "c", "\u4e2d"];

    private static readonly string[] s_paths =
    [
        "/", "/zookeeper", "/zookeeper/quota", "/zookeeper/config", "/zookeeper/quota/a", "/zookeeper/quota/b",
        "/zookeeper/quota/a/b", "/zookeeper/quota/a/zookeeper_limits", "/zookeeper/quota/a/zookeeper_stats",
        "/zookeeper/quota/b/zookeeper_limits", "/zookeeper/quota/b/zookeeper_stats",
        "/zookeeper/quota/a/b/zookeeper_limits", "", "none", "/a/", "/a//b", "/a/./b", "/a\0", "/a/\u0001",
    ];

    private static readonly Identity[] s_identities =
        [new("digest", "u:h"), new("digest", "v:i"), new("ip", "10.0.0.1"), new("super", "")];

    /// <param name="last">The newest transaction.</param>
    public ClientRequest Next(Zxid last)
    {
        ClientRequest request = NextOperation();
        switch (random.Below(40))
        {
            case < 5: return NextMulti();
            case 5:
                return new()
                {
                    Op = OpCode.MultiRead,
                    Operations = [.. Enumerable.Range(0, random.Below(4)).Select(_ => NextRead() with
                    {
                        Op = random.OneIn(10) ? OpCode.Exists : random.OneIn(2) ? OpCode.GetData : OpCode.GetChildren,
                    })],
                };
            case < 9: return new() { Op = OpCode.AddWatch, Path = Path(), WatchMode = Mode() };
            case < 11: return new() { Op = OpCode.RemoveWatches, Path = Path(), WatchMode = Mode() };
            case 11: return new() { Op = OpCode.CheckWatches, Path = Path(), WatchMode = Mode() };
            case 12:
                return new()
                {
                    Op = random.OneIn(2) ? OpCode.SetWatches : OpCode.SetWatches2,
                    Watches = new WatchSet(
                        new Zxid(Math.Max(0, last.Value - random.Below(60))), Paths(), Paths(), Paths(), Paths(), Paths()),
                };
            case 13: return new() { Op = random.OneIn(2) ? OpCode.WhoAmI : OpCode.Sync, Path = Path() };
            case 14: return new() { Op = OpCode.Auth, Identities = NextIdentities() };
            case 15: return new() { Op = random.OneIn(2) ? OpCode.Check : OpCode.DeleteContainer, Path = Path(), Version = -1 };
            case < 28: return NextRead();
            default: return request;
        }
    }

    /// <summary>Who a client may be.</summary>
    public List<Identity> NextIdentities() =>
        [.. s_identities.Where(identity => random.OneIn(identity.Scheme == "super" ? 30 : 4))];

    private ClientRequest NextMulti()
    {
        List<ClientRequest> parts = [];
        for (int count = random.Below(6); count > 0; count--)
        {
            ClientRequest part = NextOperation() with { Version = random.OneIn(6) ? random.Below(2) : -1 };
            parts.Add(random.Below(12) switch
            {
                0 => part with { Op = OpCode.Check },
                1 => part with { Op = OpCode.Check, Version = -1, Path = "/" },
                2 when random.OneIn(4) => part with { Op = OpCode.GetData },
                3 when parts.Count > 0 => part with { Path = parts[^1].Path }, // the same node again
                _ => part.Op == OpCode.SetAcl && !random.OneIn(4) ? part with { Op = OpCode.SetData } : part,
            });
        }

        return new() { Op = OpCode.Multi, Operations = parts };
    }

    private ClientRequest NextRead() => new()
    {
        Op = random.Below(10) switch
        {
            0 or 1 => OpCode.Exists,
            2 or 3 => OpCode.GetData,
            4 => OpCode.GetChildren,
            5 or 6 => OpCode.GetChildren2,
            7 => OpCode.GetAcl,
            8 => OpCode.GetAllChildrenNumber,
            _ => OpCode.GetEphemerals,
        },
        Path = Path(),
        Watch = random.OneIn(2),
        After = random.OneIn(3) ? s_names[random.Below(s_names.Length)] : null,
        Limit = random.OneIn(3) ? 1 + random.Below(3) : 0,
    };

    private ClientRequest NextOperation()
    {
        string path = Path();
        ClientRequest request = new()
        {
            Op = random.Below(20) switch
            {
                < 9 => OpCode.Create2,
                9 => OpCode.Create,
                < 14 => OpCode.Delete,
                < 18 => OpCode.SetData,
                _ => OpCode.SetAcl,
            },
            Path = path,
            Data = NextData(path),
            Acl = NextAcl(),
            Version = random.OneIn(4) ? random.Below(3) : -1,
        };
        if (!request.Op.IsCreate)
            return request;

        CreateMode mode = random.OneIn(40) ? (CreateMode)9 : random.OneIn(2) ? CreateMode.Persistent : (CreateMode)random.Below(7);
        bool timed = mode is CreateMode.PersistentWithTtl or CreateMode.PersistentSequentialWithTtl;
        return request with
        {
            Mode = mode,
            TtlMs = random.OneIn(30) ? random.Below(2) : timed ? 1 + random.Below(60) : 0,
        };
    }

    private ReadOnlyMemory<byte>? NextData(string path) =>
        path.EndsWith("zookeeper_limits", StringComparison.Ordinal)
            ? Encoding.UTF8.GetBytes($"count=2,bytes=9=;byteHardLimit={random.Below(60) - 1};countHardLimit={random.Below(8) - 1}")
            : random.Below(5) switch
            {
                0 => (ReadOnlyMemory<byte>?)null,
                1 => ReadOnlyMemory<byte>.Empty,
                _ => new byte[1 + random.Below(20)],
            };

    private Acl? NextAcl() => Rights.Of(random.Below(16) switch
    {
        0 => "cdrwa:auth:",
        1 => "r:world:anyone, cdrwa:digest:u:h",
        2 => "cdrwa:digest:v:i",
        3 => "cdwa:world:anyone",
        4 => random.OneIn(2) ? "" : "r:nobody:knows",
        5 => "cdra:world:anyone, w:auth:, w:auth:",
        6 => "crwa:world:anyone",
        _ => null,
    });

    private WatchMode? Mode() => random.Below(5) switch
    {
        0 => random.OneIn(2) ? WatchMode.Data : WatchMode.Children,
        1 => null,
        2 => WatchMode.Persistent,
        _ => WatchMode.PersistentRecursive,
    };

    private List<string> Paths() => [.. Enumerable.Range(0, random.Below(3)).Select(_ => Path())];

    private string Path()
    {
        if (random.OneIn(5))
            return s_paths[random.Below(s_paths.Length)];

        string path = "";
        for (int depth = 1 + random.Below(3); depth > 0; depth--)
        {
            path += $"/{s_names[random.Below(s_names.Length)]}";
        }

        return path;
    }
}
