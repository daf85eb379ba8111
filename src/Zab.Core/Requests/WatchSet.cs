using System.Collections.Generic;
using Zab.Core.Primitives;
using Zab.Core.Watches;

namespace Zab.Core.Requests;

/// <summary>The watches of a client that comes back to an ensemble, and the last that it has seen of
/// it.</summary>
/// <param name="Seen">The newest transaction that the client knows.</param>
/// <param name="Data">Nodes whose data it watches.</param>
/// <param name="Exist">Nodes that it waits for.</param>
/// <param name="Children">Nodes whose children it watches.</param>
/// <param name="Persistent">Watches that stay.</param>
/// <param name="PersistentRecursive">Watches that stay, on whole subtrees.</param>
internal sealed record WatchSet(
    Zxid Seen,
    IReadOnlyList<string> Data,
    IReadOnlyList<string> Exist,
    IReadOnlyList<string> Children,
    IReadOnlyList<string> Persistent,
    IReadOnlyList<string> PersistentRecursive)
{
    /// <summary>How many watches there are.</summary>
    public int Count =>
        Data.Count + Exist.Count + Children.Count + Persistent.Count + PersistentRecursive.Count;

    /// <summary>All of them; the same may be there twice.</summary>
    public IEnumerable<(string Path, WatchMode Mode)> All =>
    [
        .. Of(Data, WatchMode.Data),
        .. Of(Exist, WatchMode.Data),
        .. Of(Children, WatchMode.Children),
        .. Of(Persistent, WatchMode.Persistent),
        .. Of(PersistentRecursive, WatchMode.PersistentRecursive),
    ];

    private static IEnumerable<(string Path, WatchMode Mode)> Of(IReadOnlyList<string> paths, WatchMode mode)
    {
        foreach (string path in paths)
        {
            yield return (path, mode);
        }
    }
}
