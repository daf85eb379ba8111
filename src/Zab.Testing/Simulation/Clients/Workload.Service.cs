using System.Text;
using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Core.Watches;

namespace Zab.Testing.Simulation.Clients;

/// <content>Permissions, several operations at once, nodes that go by themselves, quotas, and all that
/// there is to ask.</content>
internal sealed partial class Workload
{
    private static readonly Identity s_alice = new("digest", "alice:h1");
    private static readonly Identity s_bob = new("digest", "bob:h2");
    private static readonly string[] s_quotas = ["/a", "/b", "/a/x", "/q"];

    /// <summary>Draws who a client is.</summary>
    public static IReadOnlyList<Identity>? Identities(Prng prng) => prng.Below(8) switch
    {
        0 => [s_alice],
        1 => [s_bob],
        2 => [s_alice, s_bob],
        3 => [Identity.Super],
        _ => null,
    };

    /// <summary>Draws the watches of a client that goes on with its session elsewhere.</summary>
    public ClientRequest SetWatches(Prng prng) => new()
    {
        Op = prng.OneIn(3) ? OpCode.SetWatches : OpCode.SetWatches2,
        Watches = new WatchSet(
            prng.OneIn(4) ? Zxid.None : _seen,
            Paths(prng),
            Paths(prng),
            Paths(prng),
            prng.OneIn(3) ? Paths(prng) : [],
            prng.OneIn(3) ? Paths(prng) : []),
    };

    private static Acl Acl(Prng prng) => prng.Below(12) switch
    {
        0 or 1 => Core.Access.Acl.Creator,
        2 => Core.Access.Acl.ReadOnly,
        3 => new Acl(new AclEntry(AclPermissions.All, "digest", s_alice.Id)),
        4 => new Acl(World(AclPermissions.Read), new AclEntry(AclPermissions.All, "digest", s_bob.Id)),
        5 => new Acl(World(AclPermissions.All & ~AclPermissions.Read)),
        6 => new Acl(
            World(AclPermissions.Admin | AclPermissions.Write),
            new AclEntry(AclPermissions.Read, "auth", "")),
        7 => new Acl(
            World(AclPermissions.All & ~AclPermissions.Admin),
            new AclEntry(AclPermissions.All, "digest", s_alice.Id)),
        8 or 9 => Core.Access.Acl.Open,
        10 => new Acl(World((AclPermissions)prng.Below(32)), World((AclPermissions)prng.Below(32))),
        _ => prng.Below(4) switch
        {
            0 => new Acl(),
            1 => new Acl(new AclEntry(AclPermissions.All, "world", "nobody")),
            2 => new Acl(new AclEntry(AclPermissions.All, "digest", "carol")),
            _ => new Acl(World(AclPermissions.All), new AclEntry(AclPermissions.All, "none", "x")),
        },
    };

    private static AclEntry World(AclPermissions permissions) => new(permissions, "world", "anyone");

    private string[] Paths(Prng prng) =>
        [.. Enumerable.Range(0, prng.Below(4)).Select(_ => prng.OneIn(8) ? ModelPath.Root : Path(prng))];

    private ClientRequest Permissions(Prng prng) => prng.OneIn(3)
        ? new ClientRequest { Op = OpCode.GetAcl, Path = prng.OneIn(8) ? ModelPath.Config : Path(prng) }
        : new ClientRequest
        {
            Op = OpCode.SetAcl,
            Path = Path(prng),
            Acl = Acl(prng),
            Version = prng.OneIn(2) ? AnyVersion : prng.Below(3),
        };

    private ClientRequest Multi(Prng prng)
    {
        if (prng.OneIn(4))
        {
            return new ClientRequest
            {
                Op = OpCode.MultiRead,
                Operations = [.. Enumerable.Range(0, 1 + prng.Below(4)).Select(_ => Part(prng))],
            };
        }

        string path = s_paths[prng.Below(s_paths.Length)];
        List<ClientRequest> operations = prng.Below(4) switch
        {
            // A node, something in it, and all of it again.
            0 => [New(prng, path), New(prng, $"{path}/in"), Checked(path, 0), Gone($"{path}/in"), Gone(path)],
            1 => [New(prng, path), New(prng, $"{path}/s-", CreateMode.PersistentSequential), Set(prng)],
            2 => [Checked(path, Version(prng, path)), Set(prng), Delete(prng)],
            _ => [],
        };
        for (int more = prng.Below(3); more > 0; more--)
        {
            operations.Add(prng.Below(6) switch
            {
                0 => Create(prng, CreateMode.Persistent),
                1 => CreateSequential(prng),
                2 => Create(prng, CreateMode.Ephemeral),
                3 => Delete(prng),
                4 => Set(prng),
                _ => prng.OneIn(8) ? Read(prng) : Lived(prng),
            });
        }

        return new ClientRequest { Op = OpCode.Multi, Operations = operations };
    }

    private ClientRequest Part(Prng prng) => prng.OneIn(20)
        ? new ClientRequest { Op = OpCode.Exists, Path = Path(prng) }
        : new ClientRequest
        {
            Op = prng.OneIn(2) ? OpCode.GetData : OpCode.GetChildren,
            Path = Path(prng),
            Watch = prng.OneIn(4),
        };

    private ClientRequest New(Prng prng, string path, CreateMode mode = CreateMode.Persistent) =>
        new() { Op = OpCode.Create2, Path = path, Mode = mode, Data = Data(prng) };

    private static ClientRequest Checked(string path, int version) =>
        new() { Op = OpCode.Check, Path = path, Version = version };

    private static ClientRequest Gone(string path) =>
        new() { Op = OpCode.Delete, Path = path, Version = AnyVersion };

    private ClientRequest Lived(Prng prng)
    {
        string path = s_paths[prng.Below(s_paths.Length)];
        ClientRequest request = new()
        {
            Op = OpCode.CreateContainer,
            Path = path,
            Mode = CreateMode.Container,
            Data = Data(prng),
        };
        return prng.Below(3) switch
        {
            0 => request,
            1 => request with
            {
                Op = OpCode.CreateTtl,
                Mode = CreateMode.PersistentWithTtl,
                TtlMs = 1 + prng.Below(3_000),
            },
            _ => request with
            {
                Op = OpCode.CreateTtl,
                Path = $"{path}-",
                Mode = CreateMode.PersistentSequentialWithTtl,
                TtlMs = 1 + prng.Below(3_000),
            },
        };
    }

    private ClientRequest Quota(Prng prng)
    {
        string path = ModelPath.Quota + s_quotas[prng.Below(s_quotas.Length)];
        string limits = path + ModelPath.Limits;
        string text = $"count=-1,bytes=-1=;byteHardLimit={prng.Below(200) - 1};"
            + $"countHardLimit={prng.Below(8) - 1}";
        ReadOnlyMemory<byte> data = Encoding.ASCII.GetBytes(text);
        ClientRequest create = new() { Op = OpCode.Create, Path = path };
        return prng.Below(7) switch
        {
            0 => new ClientRequest
            {
                Op = OpCode.Multi,
                Operations =
                [
                    create,
                    create with { Path = limits, Data = data },
                    create with { Path = path + ModelPath.Stats },
                ],
            },
            1 => create,
            2 => create with { Path = limits, Data = data },
            3 => create with { Path = path + ModelPath.Stats },
            4 => new ClientRequest { Op = OpCode.SetData, Path = limits, Data = data, Version = AnyVersion },
            5 => Gone(limits),
            _ => new ClientRequest { Op = OpCode.GetData, Path = path + ModelPath.Stats },
        };
    }

    private ClientRequest AskAbout(Prng prng) => prng.Below(9) switch
    {
        0 => new ClientRequest { Op = OpCode.WhoAmI },
        1 => new ClientRequest { Op = OpCode.Auth, Identities = Identities(prng) },
        2 => new ClientRequest
        {
            Op = OpCode.GetEphemerals,
            Path = prng.OneIn(2) ? ModelPath.Root : Path(prng),
        },
        3 => new ClientRequest
        {
            Op = OpCode.GetAllChildrenNumber,
            Path = prng.OneIn(3) ? ModelPath.Root : Path(prng),
        },
        4 => new ClientRequest { Op = OpCode.CheckWatches, Path = Path(prng), WatchMode = Mode(prng) },
        5 => SetWatches(prng),
        6 => new ClientRequest { Op = OpCode.GetAcl, Path = Path(prng) },
        _ => Multi(prng),
    };

    private static WatchMode? Mode(Prng prng) => prng.Below(5) switch
    {
        0 => WatchMode.Children,
        1 => WatchMode.Data,
        2 => WatchMode.Persistent,
        3 => WatchMode.PersistentRecursive,
        _ => null,
    };
}
