using System.Text;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Core.Watches;

namespace Zab.Testing.Simulation.Clients;

/// <summary>What one client asks for: requests drawn by chance over few paths, so that clients get in each
/// other's way.</summary>
/// <remarks>Deterministic: the same numbers and the same replies give the same requests.</remarks>
/// <param name="profile">What is asked for.</param>
/// <param name="isWordy">Whether the names of ephemeral nodes are long, so that a session may own more than a
/// transaction that closes it can list.</param>
internal sealed partial class Workload(WorkloadProfile profile, bool isWordy = false)
{
    /// <summary>The bytes of the largest values.</summary>
    public const int LargeBytes = 4_000;

    private const int AnyVersion = -1;
    private const int SmallBytes = 12;
    private const int NamesKept = 16;

    private static readonly string[] s_paths =
    [
        "/a", "/b", "/q",
        "/a/x", "/a/y", "/b/x", "/b/z",
        "/a/x/1", "/a/x/2", "/a/y/1", "/b/x/1", "/b/x/2",
    ];

    private static readonly string[] s_oddPaths =
    [
        "", "/", "a", "//", "/a/", "/a//x", "/a/./x", "/a/../b", "/a/\0", "/\u0001", "/zookeeper",
        "/zookeeper/config", "/zookeeper/quota", "/zookeeper/quota/a", "/none/x",
    ];

    private readonly Dictionary<string, int> _versions = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];
    private Zxid _seen;

    /// <summary>Draws the next request, without session and cxid.</summary>
    public ClientRequest Draw(Prng prng)
    {
        int choice = prng.Below(profile.Total);
        return Falls(ref choice, profile.Create) ? Create(prng, CreateMode.Persistent)
            : Falls(ref choice, profile.Ephemeral) ? Create(prng, CreateMode.Ephemeral)
            : Falls(ref choice, profile.Sequential) ? CreateSequential(prng)
            : Falls(ref choice, profile.Delete) ? Delete(prng)
            : Falls(ref choice, profile.Set) ? Set(prng)
            : Falls(ref choice, profile.Read) ? Read(prng)
            : Falls(ref choice, profile.Watch) ? Watch(prng)
            : Falls(ref choice, profile.Sync) ? new ClientRequest { Op = OpCode.Sync, Path = Path(prng) }
            : Falls(ref choice, profile.Acl) ? Permissions(prng)
            : Falls(ref choice, profile.Multi) ? Multi(prng)
            : Falls(ref choice, profile.Life) ? Lived(prng)
            : Falls(ref choice, profile.Quota) ? Quota(prng)
            : Falls(ref choice, profile.Ask) ? AskAbout(prng)
            : Odd(prng);
    }

    /// <summary>Draws the next request that changes something.</summary>
    public ClientRequest DrawWrite(Prng prng)
    {
        while (true)
        {
            ClientRequest request = Draw(prng);
            if (request.Op.IsWrite)
            {
                return request;
            }
        }
    }

    /// <summary>Takes note of an answer: later requests expect the version that was seen, and know the names
    /// that were made.</summary>
    public void Note(in ClientRequest request, in ClientReply reply)
    {
        _seen = reply.Zxid > _seen ? reply.Zxid : _seen;
        if (reply.Error != ErrorCode.Ok)
        {
            return;
        }

        if (request.Op is OpCode.GetData or OpCode.Exists or OpCode.GetChildren2)
        {
            _versions[request.Path] = reply.Stat.Version;
        }
        else if (reply.Path is { } path && request.Op is OpCode.Create or OpCode.Create2 or OpCode.SetData)
        {
            _versions[path] = reply.Stat.Version;
            if (request.Mode.IsSequential)
            {
                _names.Add(path);
                if (_names.Count > NamesKept)
                {
                    _names.RemoveAt(0);
                }
            }
        }
    }

    private static bool Falls(ref int choice, int weight)
    {
        choice -= weight;
        return choice < 0;
    }

    private ReadOnlyMemory<byte>? Data(Prng prng)
    {
        if (prng.OneIn(profile.LargeIn))
        {
            return Bytes(prng, (LargeBytes / 2) + prng.Below(LargeBytes / 2));
        }

        return prng.Below(20) switch
        {
            0 => (ReadOnlyMemory<byte>?)null,
            1 => ReadOnlyMemory<byte>.Empty,
            _ => Bytes(prng, 1 + prng.Below(SmallBytes)),
        };
    }

    private static byte[] Bytes(Prng prng, int length)
    {
        // Short values differ from each other, long ones need not at every place.
        byte[] bytes = new byte[length];
        byte[] start = Encoding.ASCII.GetBytes($"{prng.Next():x16}");
        for (int i = 0; i < length; i++)
        {
            bytes[i] = start[i % start.Length];
        }

        return bytes;
    }

    private ClientRequest Odd(Prng prng)
    {
        string path = s_oddPaths[prng.Below(s_oddPaths.Length)];
        return prng.Below(10) switch
        {
            0 or 1 => new ClientRequest
            {
                Op = OpCode.Create2,
                Path = path,
                Mode = (CreateMode)prng.Below(7),
                TtlMs = prng.Below(3) switch { 0 => 0, 1 => 1_000, _ => 1L << 40 },
                Data = Data(prng),
                Acl = prng.OneIn(3) ? Acl(prng) : null,
            },
            7 => new ClientRequest { Op = OpCode.SetAcl, Path = path, Acl = Acl(prng), Version = AnyVersion },
            8 => new ClientRequest { Op = OpCode.Check, Path = path, Version = AnyVersion },
            9 => new ClientRequest { Op = OpCode.GetAllChildrenNumber, Path = path },
            2 => new ClientRequest { Op = OpCode.Delete, Path = path, Version = AnyVersion },
            3 => new ClientRequest { Op = OpCode.SetData, Path = path, Version = AnyVersion },
            4 => new ClientRequest { Op = OpCode.AddWatch, Path = path, WatchMode = WatchMode.Data },
            5 => new ClientRequest { Op = OpCode.Exists, Path = path, Watch = true },
            _ => new ClientRequest { Op = OpCode.GetChildren2, Path = path },
        };
    }

    private ClientRequest Create(Prng prng, CreateMode mode) => new()
    {
        Op = prng.OneIn(2) ? OpCode.Create : OpCode.Create2,
        Path = s_paths[prng.Below(s_paths.Length)]
            + (isWordy && mode == CreateMode.Ephemeral && !prng.OneIn(3) ? Wordy(prng) : ""),
        Mode = mode,
        Data = Data(prng),
        Acl = profile.Acl > 0 && prng.OneIn(3) ? Acl(prng) : null,
    };

    private ClientRequest CreateSequential(Prng prng)
    {
        string path = s_paths[prng.Below(s_paths.Length)];
        return new ClientRequest
        {
            Op = OpCode.Create2,
            Path = prng.OneIn(3) ? $"{path}/" : prng.OneIn(2) ? "/q/n-" : $"{path}-",
            Mode = prng.OneIn(3) ? CreateMode.EphemeralSequential : CreateMode.PersistentSequential,
            Data = Data(prng),
        };
    }

    private static string Wordy(Prng prng) =>
        $"-{new string((char)('a' + prng.Below(26)), 50 + prng.Below(150))}";

    private ClientRequest Delete(Prng prng)
    {
        string path = Path(prng);
        return new ClientRequest { Op = OpCode.Delete, Path = path, Version = Version(prng, path) };
    }

    private ClientRequest Set(Prng prng)
    {
        string path = Path(prng);
        return new ClientRequest
        {
            Op = OpCode.SetData,
            Path = path,
            Data = Data(prng),
            Version = Version(prng, path),
        };
    }

    private ClientRequest Read(Prng prng) => new()
    {
        Op = prng.Below(8) switch
        {
            < 3 => OpCode.GetData,
            < 5 => OpCode.Exists,
            < 6 => OpCode.GetChildren,
            _ => OpCode.GetChildren2,
        },
        Path = prng.OneIn(12) ? ModelPath.Root : Path(prng),
        Watch = prng.OneIn(profile.WatchedReadIn),
        After = prng.OneIn(6) ? "b" : null,
        Limit = prng.OneIn(6) ? 1 + prng.Below(3) : 0,
    };

    private ClientRequest Watch(Prng prng)
    {
        string path = prng.OneIn(6) ? ModelPath.Root : Path(prng);
        if (!prng.OneIn(3))
        {
            return new ClientRequest
            {
                Op = OpCode.AddWatch,
                Path = path,
                WatchMode = prng.OneIn(2) ? WatchMode.Persistent : WatchMode.PersistentRecursive,
            };
        }

        return new ClientRequest { Op = OpCode.RemoveWatches, Path = path, WatchMode = Mode(prng) };
    }

    /// <summary>One of the shared paths, or of the sequential nodes that this client made.</summary>
    private string Path(Prng prng) =>
        _names.Count > 0 && prng.OneIn(profile.Sequential > profile.Create ? 2 : 6)
            ? _names[prng.Below(_names.Count)]
            : s_paths[prng.Below(s_paths.Length)];

    /// <summary>Any version, or the one that was last seen; rarely the one after it, which is
    /// wrong.</summary>
    private int Version(Prng prng, string path) =>
        !_versions.TryGetValue(path, out int seen) || prng.OneIn(3) ? AnyVersion
        : prng.OneIn(10) ? seen + 1
        : seen;
}
