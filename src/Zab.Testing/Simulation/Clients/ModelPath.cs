using System.Globalization;

namespace Zab.Testing.Simulation.Clients;

/// <summary>Paths, as the model understands them; written anew, so that a mistake in the library's own rules
/// shows.</summary>
internal static class ModelPath
{
    /// <summary>The root.</summary>
    public const string Root = "/";

    /// <summary>The node that only a reconfiguration may set.</summary>
    public const string Config = "/zookeeper/config";

    /// <summary>Below it are the limits of quotas, each under the path that it is for.</summary>
    public const string Quota = "/zookeeper/quota";

    /// <summary>The name of a node with limits.</summary>
    public const string Limits = "/zookeeper_limits";

    /// <summary>The name of a node that shows what is used.</summary>
    public const string Stats = "/zookeeper_stats";

    /// <summary>The path up to the last slash; the root for what stands below it, and for itself.</summary>
    public static string ParentOf(string path)
    {
        int slash = path.LastIndexOf('/');
        return slash <= 0 ? Root : path[..slash];
    }

    /// <summary>What follows the last slash.</summary>
    public static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>The path of a child.</summary>
    public static string ChildOf(string parent, string name) =>
        parent == Root ? $"/{name}" : $"{parent}/{name}";

    /// <summary>Whether a create or delete can look for the parent at all.</summary>
    public static bool HasParent(string path) =>
        path.Contains('/', StringComparison.Ordinal) && !path.Contains('\0', StringComparison.Ordinal);

    /// <summary>Whether a node may have such a path. Source: ZooKeeper <c>PathUtils</c>.</summary>
    public static bool IsWellFormed(string path)
    {
        if (path == Root)
        {
            return true;
        }

        if (path.Length == 0 || path[0] != '/')
        {
            return false;
        }

        foreach (string element in path[1..].Split('/'))
        {
            if (element is "" or "." or ".." || element.Any(IsForbidden))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether nobody may delete the node.</summary>
    public static bool IsReserved(string path) =>
        path is Root or "/zookeeper" or "/zookeeper/quota" or Config;

    /// <summary>The node that a node with limits, or with what is used, is about; null for any other
    /// node.</summary>
    public static string? WatchedBy(string path, string name) =>
        path.StartsWith(Quota + "/", StringComparison.Ordinal)
        && path.EndsWith(name, StringComparison.Ordinal) && path.Length > Quota.Length + 1 + name.Length
            ? path[Quota.Length..^name.Length]
            : null;

    /// <summary>The end of the name of a sequential node.</summary>
    /// <param name="number">How many children were ever created under the parent.</param>
    public static string Sequence(int number) => number >= 0
        ? number.ToString(CultureInfo.InvariantCulture).PadLeft(10, '0')
        : "-" + (-(long)number).ToString(CultureInfo.InvariantCulture).PadLeft(9, '0');

    /// <summary>The order of a walk that visits a node, then what is below it, then its next
    /// sibling.</summary>
    public static int CompareDepthFirst(string left, string right)
    {
        string[] a = left.Split('/');
        string[] b = right.Split('/');
        for (int i = 0; i < a.Length && i < b.Length; i++)
        {
            int order = string.CompareOrdinal(a[i], b[i]);
            if (order != 0)
            {
                return order;
            }
        }

        return a.Length.CompareTo(b.Length);
    }

    private static bool IsForbidden(char c) =>
        c is < ' ' or (>= '\u007f' and <= '\u009f') or (>= '\ud800' and <= '\uf8ff') or >= '\ufff0';
}
