using Zab.Core.Requests;

namespace Zab.Client.Connections;

/// <summary>Lists of children as a session promises them: in the order of their bytes, and by pages. Servers
/// send all of them, in any order.</summary>
internal static class Listing
{
    /// <summary>The answer to a request, with its lists in order.</summary>
    public static ClientReply Arrange(in ClientRequest request, in ClientReply reply) => reply with
    {
        Children = reply.Children is { } children ? Page(request, children) : null,
        Results = reply.Results?.Select(
            result => result.Children is { } listed
                ? result with { Children = Page(default, listed) }
                : result)
            .ToList(),
    };

    /// <remarks>By UTF-16, which for the characters that a path may have is the order of UTF-8.</remarks>
    private static List<string> Page(in ClientRequest request, IReadOnlyList<string> children)
    {
        List<string> page = [.. children];
        page.Sort(StringComparer.Ordinal);
        if (request.After is { } after)
        {
            int first = page.BinarySearch(after, StringComparer.Ordinal);
            page.RemoveRange(0, first >= 0 ? first + 1 : ~first);
        }

        if (request.Limit > 0 && request.Limit < page.Count)
        {
            page.RemoveRange(request.Limit, page.Count - request.Limit);
        }

        return page;
    }
}
