using System.Runtime.CompilerServices;

namespace Zab.Cli.Shell.Commands;

/// <summary>Goes through a node and all below it.</summary>
internal static class Walk
{
    /// <summary>The paths, each node before its children and these in order. What vanishes meanwhile is left
    /// out.</summary>
    /// <param name="path">Where to begin.</param>
    /// <param name="children">Lists the names of a node's children.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="NoNodeException">There is nothing at <paramref name="path"/>.</exception>
    public static async IAsyncEnumerable<string> DownAsync(
        string path,
        Func<string, CancellationToken, Task<IReadOnlyList<string>>> children,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Stack<string> ahead = new([path]);
        while (ahead.TryPop(out string? next))
        {
            IReadOnlyList<string> names;
            try
            {
                names = await children(next, cancellationToken).ConfigureAwait(false);
            }
            catch (NoNodeException) when (next != path)
            {
                continue;
            }

            yield return next;
            foreach (string name in names.Order(StringComparer.Ordinal).Reverse())
            {
                ahead.Push(Below(next, name));
            }
        }
    }

    /// <summary>The path of a child.</summary>
    public static string Below(string path, string name) => path == "/" ? $"/{name}" : $"{path}/{name}";
}
