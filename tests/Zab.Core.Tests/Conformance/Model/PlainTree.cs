using System.Globalization;
using System.Text;
using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;

namespace Zab.Core.Tests.Conformance.Model;

/// <summary>The data model written as plainly as can be: one dictionary from paths to nodes, everything else
/// counted by looking at all of them.</summary>
internal sealed class PlainTree
{
    public const int EphemeralsMax = 6;
    public const string Quota = "/zookeeper/quota";
    private static readonly string[] s_reserved = ["/", "/zookeeper", Quota, "/zookeeper/config"];

    public Dictionary<string, PlainNode> Nodes { get; private set; } = new()
    {
        ["/"] = new PlainNode { Data = [] },
        ["/zookeeper"] = new PlainNode { Data = [] },
        [Quota] = new PlainNode { Data = [] },
        ["/zookeeper/config"] = new PlainNode
        {
            Data = [],
            Version = -1,
            Aversion = -1,
            Acl = [new AclEntry(AclPermissions.Read, "world", "anyone")],
        },
    };

    public static string ParentOf(string path) => path.LastIndexOf('/') is > 0 and int slash ? path[..slash] : "/";

    public static bool Allows(AclEntry[]? acl, AclPermissions wanted, IReadOnlyList<Identity> who) =>
        acl is null
        || who.Any(identity => identity.Scheme == "super")
        || acl.Any(entry => (entry.Permissions & wanted) != 0
            && (entry.Scheme == "world" || who.Contains(new Identity(entry.Scheme, entry.Id))));

    public Dictionary<string, PlainNode> Copy() => new(Nodes);

    public void Restore(Dictionary<string, PlainNode> copy) => Nodes = copy;

    public List<string> ChildrenOf(string path)
    {
        List<string> names = [];
        foreach (string other in Nodes.Keys)
        {
            if (other != "/" && ParentOf(other) == path)
                names.Add(other[(other.LastIndexOf('/') + 1)..]);
        }

        names.Sort(StringComparer.Ordinal);
        return names;
    }

    public (int Nodes, long Bytes) Below(string path)
    {
        string prefix = path == "/" ? "/" : $"{path}/";
        PlainNode[] below = [.. Nodes.Where(pair => pair.Key != "/" && pair.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(pair => pair.Value)];
        return (below.Length, below.Sum(node => node.Data?.Length ?? 0L));
    }

    public Stat StatOf(string path)
    {
        PlainNode node = Nodes[path];
        int children = ChildrenOf(path).Count;
        return new Stat(
            node.Czxid, node.Mzxid, node.Ctime, node.Mtime, node.Version, unchecked((2 * node.Creations) - children),
            node.Aversion, node.Owner, node.Data?.Length ?? 0, children, node.Pzxid);
    }

    /// <summary>The data that a client reads: of a node with what is used of a quota, that.</summary>
    public byte[]? DataOf(string path)
    {
        if (!path.StartsWith($"{Quota}/", StringComparison.Ordinal)
            || !path.EndsWith("/zookeeper_stats", StringComparison.Ordinal) || path == $"{Quota}/zookeeper_stats")
        {
            return Nodes[path].Data;
        }

        string watched = path[Quota.Length..^"/zookeeper_stats".Length];
        (long nodes, long bytes) = Used(watched);
        return Encoding.UTF8.GetBytes($"count={nodes},bytes={bytes}");
    }

    public ErrorCode Create(
        in ClientRequest request, IReadOnlyList<Identity> who, bool hasSession, Zxid zxid, long timeMs, out string path)
    {
        path = request.Path;
        bool timed = request.Mode is CreateMode.PersistentWithTtl or CreateMode.PersistentSequentialWithTtl;
        bool ephemeral = request.Mode is CreateMode.Ephemeral or CreateMode.EphemeralSequential;
        bool sequential = request.Mode is CreateMode.PersistentSequential or CreateMode.EphemeralSequential
            or CreateMode.PersistentSequentialWithTtl;
        if ((int)request.Mode is < 0 or > 6)
            return ErrorCode.BadArguments;
        if (timed ? request.TtlMs < 1 || request.TtlMs > 1_099_511_627_775 : request.TtlMs != 0)
            return ErrorCode.BadArguments;
        if (!hasSession)
            return ErrorCode.SessionExpired;
        if (!path.Contains('/', StringComparison.Ordinal) || path.Contains('\0', StringComparison.Ordinal))
            return ErrorCode.BadArguments;
        if (!TryExpand(request.Acl, who, out AclEntry[]? acl))
            return ErrorCode.InvalidAcl;

        string parentPath = path.LastIndexOf('/') is 0 ? "/" : path[..path.LastIndexOf('/')];
        if (!Nodes.TryGetValue(parentPath, out PlainNode? parent))
            return ErrorCode.NoNode;
        if (!Allows(parent.Acl, AclPermissions.Create, who))
            return ErrorCode.NoAuth;
        if (sequential)
            path += parent.Creations.ToString("D10", CultureInfo.InvariantCulture);
        if (!IsValid(path))
            return ErrorCode.BadArguments;
        if (Nodes.ContainsKey(path))
            return ErrorCode.NodeExists;
        if (parent.Owner != SessionId.None)
            return ErrorCode.NoChildrenForEphemerals;
        if (Exceeds(path, 1, request.Data?.Length ?? 0))
            return ErrorCode.QuotaExceeded;

        SessionId session = request.Session;
        if (ephemeral && Nodes.Values.Count(node => node.Owner == session) >= EphemeralsMax)
            return ErrorCode.QuotaExceeded;

        Nodes.Add(path, new PlainNode
        {
            Data = request.Data?.ToArray(),
            Czxid = zxid,
            Mzxid = zxid,
            Pzxid = zxid,
            Ctime = timeMs,
            Mtime = timeMs,
            Owner = ephemeral ? session : SessionId.None,
            IsContainer = request.Mode == CreateMode.Container,
            TtlMs = request.TtlMs,
            Acl = acl,
        });
        Nodes[parentPath] = parent with { Creations = parent.Creations + 1, Pzxid = zxid };
        return ErrorCode.Ok;
    }

    public ErrorCode Delete(in ClientRequest request, IReadOnlyList<Identity> who, bool hasSession, Zxid zxid)
    {
        string path = request.Path;
        if (!hasSession)
            return ErrorCode.SessionExpired;
        if (!path.Contains('/', StringComparison.Ordinal) || path.Contains('\0', StringComparison.Ordinal)
            || s_reserved.Contains(path))
        {
            return ErrorCode.BadArguments;
        }

        if (!Nodes.TryGetValue(path.LastIndexOf('/') is 0 ? "/" : path[..path.LastIndexOf('/')], out PlainNode? parent))
            return ErrorCode.NoNode;
        if (!Allows(parent.Acl, AclPermissions.Delete, who))
            return ErrorCode.NoAuth;
        if (!Nodes.TryGetValue(path, out PlainNode? node))
            return ErrorCode.NoNode;
        if (request.Version != -1 && request.Version != node.Version)
            return ErrorCode.BadVersion;
        if (ChildrenOf(path).Count > 0)
            return ErrorCode.NotEmpty;

        Remove(path, zxid);
        return ErrorCode.Ok;
    }

    public ErrorCode Set(in ClientRequest request, IReadOnlyList<Identity> who, bool hasSession, Zxid zxid, long timeMs)
    {
        string path = request.Path;
        if (!hasSession)
            return ErrorCode.SessionExpired;
        if (!IsValid(path))
            return ErrorCode.BadArguments;
        if (!Nodes.TryGetValue(path, out PlainNode? node))
            return ErrorCode.NoNode;
        if (!Allows(node.Acl, AclPermissions.Write, who) || path == "/zookeeper/config")
            return ErrorCode.NoAuth;
        if (Exceeds(path, 0, (request.Data?.Length ?? 0) - (node.Data?.Length ?? 0)))
            return ErrorCode.QuotaExceeded;
        if (request.Version != -1 && request.Version != node.Version)
            return ErrorCode.BadVersion;

        Nodes[path] = node with
        {
            Data = request.Data?.ToArray(),
            Version = node.Version + 1,
            Mzxid = zxid,
            Mtime = timeMs,
        };
        return ErrorCode.Ok;
    }

    public ErrorCode SetAcl(in ClientRequest request, IReadOnlyList<Identity> who, bool hasSession)
    {
        if (!hasSession)
            return ErrorCode.SessionExpired;
        if (!IsValid(request.Path))
            return ErrorCode.BadArguments;
        if (!TryExpand(request.Acl, who, out AclEntry[]? acl))
            return ErrorCode.InvalidAcl;
        if (!Nodes.TryGetValue(request.Path, out PlainNode? node))
            return ErrorCode.NoNode;
        if (!Allows(node.Acl, AclPermissions.Admin, who))
            return ErrorCode.NoAuth;
        if (request.Version != -1 && request.Version != node.Aversion)
            return ErrorCode.BadVersion;

        Nodes[request.Path] = node with { Acl = acl, Aversion = node.Aversion + 1 };
        return ErrorCode.Ok;
    }

    public ErrorCode Check(in ClientRequest request, IReadOnlyList<Identity> who, bool hasSession)
    {
        if (!hasSession)
            return ErrorCode.SessionExpired;
        if (!IsValid(request.Path))
            return ErrorCode.BadArguments;
        if (!Nodes.TryGetValue(request.Path, out PlainNode? node))
            return ErrorCode.NoNode;

        return !Allows(node.Acl, AclPermissions.Read, who) ? ErrorCode.NoAuth
            : request.Version != -1 && request.Version != node.Version ? ErrorCode.BadVersion
            : ErrorCode.Ok;
    }

    /// <summary>Whether the leader may end a node by itself.</summary>
    public bool IsOver(string path, long timeMs) => Nodes.TryGetValue(path, out PlainNode? node)
        && ChildrenOf(path).Count == 0
        && (node.IsContainer ? node.Creations > 0 : node.TtlMs > 0 && timeMs - node.Mtime > node.TtlMs);

    public void Remove(string path, Zxid zxid)
    {
        Nodes.Remove(path);
        string parent = ParentOf(path);
        Nodes[parent] = Nodes[parent] with { Pzxid = zxid };
    }

    private static bool IsValid(string path) => path == "/"
        || (path.StartsWith('/') && path[1..].Split('/').All(name => name is not ("" or "." or "..") && name.All(c => c is >= ' ' and not '\u007f')));

    private bool Exceeds(string path, int moreNodes, long moreBytes)
    {
        for (string root = path; root != "/"; root = ParentOf(root))
        {
            if (!Nodes.TryGetValue($"{Quota}{root}/zookeeper_limits", out PlainNode? limits))
                continue;

            string text = Encoding.UTF8.GetString(limits.Data ?? []);
            (long nodes, long bytes) = Used(root);
            if ((moreNodes > 0 && Limit(text, "countHardLimit=") is long count && nodes + moreNodes > count)
                || (moreBytes > 0 && Limit(text, "byteHardLimit=") is long most && bytes + moreBytes > most))
            {
                return true;
            }
        }

        return false;
    }

    private static long? Limit(string text, string name) =>
        text.IndexOf(name, StringComparison.Ordinal) is >= 0 and int at
            ? long.Parse(text[(at + name.Length)..].Split(';')[0], CultureInfo.InvariantCulture) is >= 0 and long limit ? limit : null
            : null;

    private (long Nodes, long Bytes) Used(string root)
    {
        if (!Nodes.TryGetValue(root, out PlainNode? node))
            return (0, 0);

        (int nodes, long bytes) = Below(root);
        return (nodes + 1, bytes + (node.Data?.Length ?? 0));
    }

    private static bool TryExpand(Acl? asked, IReadOnlyList<Identity> who, out AclEntry[]? stored)
    {
        stored = null;
        if (asked is null)
            return true;

        List<AclEntry> entries = [];
        foreach (AclEntry entry in asked)
        {
            AclEntry[] meant = entry.Scheme switch
            {
                "world" => entry.Id == "anyone" ? [entry] : [],
                "digest" => entry.Id.Split(':').Length == 2 ? [entry] : [],
                "auth" => [.. who.Where(one => one.Scheme == "digest").Select(one => entry with { Scheme = one.Scheme, Id = one.Id })],
                _ => [],
            };
            if (meant.Length == 0)
                return false;

            entries.AddRange(meant.Where(one => !entries.Contains(one)));
        }

        stored = entries is [{ Permissions: AclPermissions.All, Scheme: "world" }] ? null : [.. entries];
        return entries.Count > 0;
    }
}
