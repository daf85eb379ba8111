using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Core.Watches;

namespace Zab.Client.Connections;

/// <summary>The node that stands for the root: paths of the session are below it, paths on the wire are
/// whole.</summary>
/// <remarks>A path that does not begin with a slash goes as it is, and is refused by the server: below the
/// node it could name another one.</remarks>
/// <param name="path">The node.</param>
internal sealed class Chroot(string path)
{
    private readonly string _prefix = path == PathRules.Root ? "" : path;

    /// <summary>A request as the server sees it.</summary>
    public ClientRequest Outward(in ClientRequest request)
    {
        if (_prefix.Length == 0)
        {
            return request;
        }

        bool namesChild = request.Op is OpCode.GetEphemerals
            || (request.Op.IsCreate && request.Mode.IsSequential);
        return request with
        {
            Path = Outward(request.Path, namesChild),
            Operations = request.Operations?.Select(operation => Outward(operation)).ToList(),
        };
    }

    /// <summary>A path as the server sees it.</summary>
    public string Outward(string path, bool namesChild = false) =>
        _prefix.Length == 0 || !path.StartsWith('/') ? path
        : path == PathRules.Root && !namesChild ? _prefix
        : _prefix + path;

    /// <summary>An answer as the session sees it.</summary>
    public ClientReply Inward(OpCode op, in ClientReply reply)
    {
        if (_prefix.Length == 0)
        {
            return reply;
        }

        return reply with
        {
            Path = reply.Path is { } path ? Inward(path) : null,
            Children = op is OpCode.GetEphemerals ? reply.Children?.Select(Inward).ToList() : reply.Children,
            Results = reply.Results?.Select(
                result => result with { Path = result.Path is { } of ? Inward(of) : null }).ToList(),
        };
    }

    /// <summary>An event as the session sees it.</summary>
    public WatchEvent Inward(in WatchEvent fired) => fired with { Path = Inward(fired.Path) };

    /// <summary>A path as the session sees it.</summary>
    public string Inward(string path) =>
        !path.StartsWith(_prefix, StringComparison.Ordinal) ? path
        : path.Length == _prefix.Length ? PathRules.Root
        : path[_prefix.Length] == '/' ? path[_prefix.Length..]
        : path;
}
