using System.Collections.Generic;
using Zab.Core.Primitives;

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

    /// <summary>How long their paths are together, in UTF-16 units.</summary>
    public long Letters => LettersOf(Data) + LettersOf(Exist) + LettersOf(Children) + LettersOf(Persistent)
        + LettersOf(PersistentRecursive);

    private static long LettersOf(IReadOnlyList<string> paths)
    {
        long letters = 0;
        foreach (string path in paths)
        {
            letters += path.Length;
        }

        return letters;
    }
}
