using System;
using System.Globalization;
using System.Text;
using Zab.Core.Tree;

namespace Zab.Core.Requests;

/// <summary>Quotas: limits are kept in the tree, under <see cref="PathRules.QuotaNode"/>, and what is used is
/// counted by the tree itself, exactly.</summary>
/// <remarks>Every quota on the way to a node counts, not only the deepest. What does not grow is never
/// refused. Source: ZooKeeper <c>ZooKeeperServer.checkQuota</c>, whose counters are nodes that each server
/// edits.</remarks>
internal static class QuotaRules
{
    private const string QuotaPrefix = PathRules.QuotaNode + "/";
    private const string StatsSuffix = "/zookeeper_stats";

    private static ReadOnlySpan<byte> LimitsName => "zookeeper_limits"u8;

    /// <summary>Asks the quotas for more nodes, or more bytes, at a path.</summary>
    /// <param name="root">The root of the tree.</param>
    /// <param name="path">The node that is created or set.</param>
    /// <param name="moreNodes">1 when it is created, else 0.</param>
    /// <param name="moreBytes">The bytes that its data grows by; negative when it shrinks.</param>
    /// <param name="exceeded">The node whose hard limit would be exceeded, else the first whose soft limit
    /// would; null for none.</param>
    /// <returns>Whether no hard limit would be exceeded.</returns>
    public static bool Allow(Znode root, string path, int moreNodes, long moreBytes, out string? exceeded)
    {
        exceeded = null;
        if (!ZnodeTree.TryFind(root, PathRules.QuotaNode, out Znode? quota) || quota.Children.Count == 0)
            return true;

        ReadOnlySpan<byte> rest = Encoding.UTF8.GetBytes(path).AsSpan(1);
        Znode? node = root;
        for (int end = 0; quota is not null && end < path.Length;)
        {
            int slash = rest.IndexOf((byte)'/');
            ReadOnlySpan<byte> name = slash < 0 ? rest : rest[..slash];
            rest = slash < 0 ? default : rest[(slash + 1)..];
            end = slash < 0 ? path.Length : path.IndexOf('/', end + 1);
            _ = quota.Children.TryGet(name, out quota);
            node = node is not null && node.Children.TryGet(name, out Znode? child) ? child : null;
            if (quota is null || !TryGetLimits(quota, out QuotaLimits limits))
                continue;

            (long nodes, long bytes) = Used(node);
            if (limits.Refuses(nodes + moreNodes, bytes + moreBytes, moreNodes, moreBytes))
            {
                exceeded = path[..end];
                return false;
            }

            if (limits.Warns(nodes + moreNodes, bytes + moreBytes, moreNodes, moreBytes))
                exceeded ??= path[..end];
        }

        return true;
    }

    /// <summary>Whether a node shows what is used of a quota: its data is made when it is read.</summary>
    public static bool IsStats(string path) => path.StartsWith(QuotaPrefix, StringComparison.Ordinal)
        && path.EndsWith(StatsSuffix, StringComparison.Ordinal)
        && path.Length > QuotaPrefix.Length + StatsSuffix.Length;

    /// <summary>The data of such a node.</summary>
    public static byte[] StatsOf(Znode root, string path)
    {
        ReadOnlySpan<char> watched = path.AsSpan(PathRules.QuotaNode.Length..^StatsSuffix.Length);
        (long nodes, long bytes) = Used(ZnodeTree.TryFind(root, watched, out Znode? node) ? node : null);
        return Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"count={nodes},bytes={bytes}"));
    }

    private static bool TryGetLimits(Znode quota, out QuotaLimits limits)
    {
        bool found = quota.Children.TryGet(LimitsName, out Znode? node);
        limits = found ? QuotaLimits.Parse((node!.Data ?? default).Span) : default;
        return found;
    }

    private static (long Nodes, long Bytes) Used(Znode? node) =>
        node is null ? (0, 0) : (node.Below.Nodes + 1L, node.Below.Bytes + node.DataLength);
}
