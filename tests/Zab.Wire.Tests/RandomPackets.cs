using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Core.Watches;

namespace Zab.Wire.Tests;

/// <summary>Requests and replies of every operation, from a seed.</summary>
internal sealed class RandomPackets(ulong seed)
{
    public static readonly OpCode[] Operations =
    [
        .. Enum.GetValues<OpCode>().Where(op => op.IsForClients && !op.OpensSession && op is not OpCode.Auth),
    ];

    private static readonly OpCode[] s_writes =
        [OpCode.Create, OpCode.Create2, OpCode.CreateContainer, OpCode.CreateTtl, OpCode.Delete, OpCode.SetData, OpCode.Check];

    private readonly Prng _prng = new(seed);

    public int Below(int limit) => _prng.Below(limit);

    public ClientRequest Request(OpCode op) => op switch
    {
        OpCode.Multi or OpCode.MultiRead => new()
        {
            Op = op,
            Operations = Several(() => Request(OneOf(op is OpCode.Multi ? s_writes : [OpCode.GetData, OpCode.GetChildren]))
                with { Watch = false }),
        },
        OpCode.SetWatches or OpCode.SetWatches2 => new()
        {
            Op = op,
            Watches = new(new Zxid(Long()), Several(Path), Several(Path), Several(Path),
                op is OpCode.SetWatches2 ? Several(Path) : [], op is OpCode.SetWatches2 ? Several(Path) : []),
        },
        OpCode.CloseSession or OpCode.WhoAmI => new() { Op = op },
        _ => Single(op),
    };

    public ClientReply Reply(in ClientRequest request)
    {
        OpCode op = request.Op;
        if (op is OpCode.Multi or OpCode.MultiRead)
        {
            List<OpResult> results = [.. request.Operations!.Select(Result)];
            bool fails = op is OpCode.Multi && results.Count > 0 && _prng.OneIn(3);
            int failed = fails ? Below(results.Count) : -1;
            ErrorCode error = fails ? ErrorCode.NoNode : ErrorCode.Ok;
            IReadOnlyList<ClientRequest> parts = request.Operations!;
            return new()
            {
                Zxid = new Zxid(Long()),
                Error = error,
                Results = !fails ? results
                    : [.. parts.Select((part, i) => new OpResult
                    {
                        Op = part.Op,
                        Path = part.Path,
                        Error = i < failed ? ErrorCode.Ok : i == failed ? error : ErrorCode.RuntimeInconsistency,
                    })],
            };
        }

        return _prng.OneIn(4)
            ? new() { Zxid = new Zxid(Long()), Error = ErrorCode.BadVersion }
            : new()
            {
                Zxid = new Zxid(Long()),
                Path = Path(),
                Stat = Stat(),
                Data = Data(),
                Children = Several(Path),
                Acl = Acl(),
                Identities = Several(() => new Identity("digest", Path())),
                Count = Below(1000),
            };
    }

    public WatchEvent Event() => new(
        OneOf([WatchEventType.NodeCreated, WatchEventType.NodeDeleted, WatchEventType.NodeDataChanged]), Path(), new Zxid(Long()));

    /// <summary>Changes some bytes, or cuts the end off.</summary>
    public byte[] Damaged(ReadOnlySpan<byte> frame)
    {
        byte[] damaged = frame[..(_prng.OneIn(3) ? Below(frame.Length + 1) : frame.Length)].ToArray();
        for (int changes = Below(4); changes > 0 && damaged.Length > 0; changes--)
        {
            damaged[Below(damaged.Length)] = (byte)Below(256);
        }

        return damaged;
    }

    private ClientRequest Single(OpCode op)
    {
        CreateMode mode = op switch
        {
            OpCode.CreateContainer => CreateMode.Container,
            OpCode.CreateTtl => OneOf([CreateMode.PersistentWithTtl, CreateMode.PersistentSequentialWithTtl]),
            OpCode.Create or OpCode.Create2 => (CreateMode)Below(4),
            _ => default,
        };
        bool lasts = op is OpCode.AddWatch;
        return new()
        {
            Op = op,
            Path = Path(),
            Data = op.IsCreate || op is OpCode.SetData ? Data() : null,
            Acl = op.IsCreate || op is OpCode.SetAcl ? Acl() : null,
            Mode = mode,
            TtlMs = op is OpCode.CreateTtl ? 1 + Below(1000) : 0,
            Version = op is OpCode.Delete or OpCode.Check or OpCode.SetData or OpCode.SetAcl ? Below(5) - 1 : 0,
            Watch = op is OpCode.Exists or OpCode.GetData or OpCode.GetChildren or OpCode.GetChildren2 && _prng.OneIn(2),
            WatchMode = lasts ? OneOf([WatchMode.Persistent, WatchMode.PersistentRecursive])
                : op is OpCode.CheckWatches or OpCode.RemoveWatches ? OneOf<WatchMode?>([null, .. Enum.GetValues<WatchMode>()])
                : null,
        };
    }

    private OpResult Result(ClientRequest part)
    {
        OpCode op = part.Op;
        return op is OpCode.GetData or OpCode.GetChildren && _prng.OneIn(4)
            ? new() { Op = op, Path = part.Path, Error = ErrorCode.NoNode }
            : new()
            {
                Op = op,
                Path = op.IsCreate ? Path() : part.Path,
                Stat = op is OpCode.Create or OpCode.Delete or OpCode.Check or OpCode.GetChildren ? default : Stat(),
                Data = op is OpCode.GetData ? Data() : null,
                Children = op is OpCode.GetChildren ? Several(Path) : null,
            };
    }

    private Stat Stat() => new(
        new Zxid(Long()), new Zxid(Long()), Long(), Long(), Below(9), Below(9), Below(9), new SessionId(Long()), Below(9),
        Below(9), new Zxid(Long()));

    private Acl? Acl() => _prng.OneIn(2)
        ? null
        : new Acl(Several(() => new AclEntry((AclPermissions)Below(32), OneOf(["digest", "ip"]), Path())));

    private ReadOnlyMemory<byte>? Data() =>
        _prng.OneIn(4) ? null : Enumerable.Range(0, Below(20)).Select(_ => (byte)Below(256)).ToArray();

    private string Path() => $"/{OneOf(["a", "ä", "long-name", "x/y"])}{Below(100)}";

    private long Long() => (long)(_prng.Next() >> 1);

    private T OneOf<T>(T[] items) => items[Below(items.Length)];

    private List<T> Several<T>(Func<T> make) => [.. Enumerable.Range(0, Below(4)).Select(_ => make())];
}
