using System;
using System.Buffers;
using System.Text;

namespace Zab.Core.Tree;

/// <summary>What a path may look like, and which nodes are the server's own.</summary>
/// <remarks>Source: ZooKeeper <c>PathUtils.validatePath</c> and <c>PrepRequestProcessor</c>.</remarks>
internal static class PathRules
{
    /// <summary>The root.</summary>
    public const string Root = "/";

    /// <summary>The parent of the server's own nodes.</summary>
    public const string SystemNode = "/zookeeper";

    /// <summary>Where quotas are kept.</summary>
    public const string QuotaNode = "/zookeeper/quota";

    /// <summary>Where the membership is kept.</summary>
    public const string ConfigNode = "/zookeeper/config";

    private static readonly SearchValues<char> s_forbidden = SearchValues.Create(ForbiddenChars());

    /// <summary>Whether a path is well-formed: absolute, no slash at the end, no empty, "." or ".." element,
    /// and no control, surrogate, private-use or special character.</summary>
    public static bool IsValid(ReadOnlySpan<char> path)
    {
        if (path is ['/'])
            return true;
        if (path is not ['/', .., not '/'] || path.ContainsAny(s_forbidden))
            return false;

        foreach (Range range in path[1..].Split('/'))
        {
            if (path[1..][range] is "" or "." or "..")
                return false;
        }

        return true;
    }

    /// <summary>Whether an element of a path, in well-formed UTF-8, is well-formed.</summary>
    public static bool IsValidElement(ReadOnlySpan<byte> name) =>
        name.ContainsAnyExceptInRange((byte)' ', (byte)'~')
            ? !name.Contains((byte)'/') && IsValid($"/{Encoding.UTF8.GetString(name)}")
            : name is not ([] or [(byte)'.'] or [(byte)'.', (byte)'.']) && !name.Contains((byte)'/');

    /// <summary>Whether a path has a slash, so that it has a parent, and no NUL.</summary>
    /// <remarks>The first thing that ZooKeeper asks of the path of a create or delete, before it knows the
    /// final name.</remarks>
    public static bool HasParent(ReadOnlySpan<char> path) => path.Contains('/') && !path.Contains('\0');

    /// <summary>The path up to its last slash, which there must be; the root for a child of the root and for
    /// itself.</summary>
    public static ReadOnlySpan<char> ParentOf(ReadOnlySpan<char> path)
    {
        int slash = path.LastIndexOf('/');
        return slash == 0 ? Root : path[..slash];
    }

    /// <summary>Whether a node belongs to the server and cannot be deleted.</summary>
    public static bool IsReserved(string path) => path is Root or SystemNode or QuotaNode or ConfigNode;

    private static ReadOnlySpan<char> ForbiddenChars()
    {
        ArrayBufferWriter<char> forbidden = new();
        ReadOnlySpan<(char First, char Last)> ranges =
            [('\0', '\u001f'), ('\u007f', '\u009f'), ('\ud800', '\uf8ff'), ('\ufff0', '\uffff')];
        foreach ((char first, char last) in ranges)
        {
            for (int c = first; c <= last; c++)
            {
                forbidden.Write([(char)c]);
            }
        }

        return forbidden.WrittenSpan;
    }
}
