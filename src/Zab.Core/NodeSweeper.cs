using System;
using System.Collections.Generic;
using System.Text;
using Zab.Core.Primitives;
using Zab.Core.Tree;

namespace Zab.Core;

/// <summary>Finds the containers and the nodes with a time to live that are over, a few at each tick, and all
/// of them once in a round.</summary>
/// <remarks>The leader's. Source: ZooKeeper <c>ContainerManager</c>, which looks at all of them at
/// once.</remarks>
/// <param name="options">How often a round begins, and how many nodes it may end.</param>
internal sealed class NodeSweeper(ReplicaOptions options)
{
    private const int LooksPerTick = 4096;
    private const long MinuteMs = 60_000;

    private readonly byte[]?[] _places = [null, null]; // where each list is continued; null at its end
    private long _nextRound = options.SweepTicks;

    /// <summary>Looks at the next nodes.</summary>
    /// <param name="tree">The committed tree.</param>
    /// <param name="now">The current tick.</param>
    /// <param name="timeMs">The leader's clock, in milliseconds since 1970.</param>
    /// <param name="room">How many can be ended now; the others are looked at again at the next
    /// tick.</param>
    /// <returns>The paths of nodes that are over.</returns>
    public List<string> TakeOver(ZnodeTree tree, long now, long timeMs, int room)
    {
        List<string> over = [];
        if (now >= _nextRound)
        {
            _nextRound = now + options.SweepTicks;
            _places[0] ??= [];
            _places[1] ??= [];
        }

        int limit = (int)Math.Max(1, (long)options.SweepsPerMinuteMax * options.TickMs / MinuteMs);
        limit = Math.Min(limit, room);
        Look(tree, tree.Containers, ref _places[0], timeMs, limit, over);
        Look(tree, tree.Timed, ref _places[1], timeMs, limit, over);
        return over;
    }

    private static void Look(
        ZnodeTree tree,
        PersistentMap<NodePath> paths,
        ref byte[]? place,
        long timeMs,
        int limit,
        List<string> over)
    {
        if (place is null)
        {
            return;
        }

        MapCursor<NodePath> cursor = paths.After(place);
        for (int looks = 0; looks < LooksPerTick && over.Count < limit; looks++)
        {
            if (!cursor.MoveNext())
            {
                place = null;
                return;
            }

            place = cursor.Current.Key.ToArray();
            bool found = ZnodeTree.TryFind(tree.Root, place, out Znode? node);
            Invariant.Holds(found);
            if (Lifetimes.IsOver(node!, timeMs))
            {
                over.Add(Encoding.UTF8.GetString(place));
            }
        }
    }
}
