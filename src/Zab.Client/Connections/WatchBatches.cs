using System.Text;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Watches;
using Zab.Sessions;

namespace Zab.Client.Connections;

/// <summary>The watches of a session as requests that set them again on another connection, each below
/// <see cref="BytesMax"/>, so that a session with many watches can come back at all.</summary>
/// <remarks>Those that fire once go by the request that every server knows; those that stay go by the one of
/// ZooKeeper 3.6, and only if there are any. Source: ZooKeeper, <c>ClientCnxn.primeConnection</c>.</remarks>
internal static class WatchBatches
{
    /// <summary>The most bytes of a frame.</summary>
    public const int BytesMax = 128 * 1024;

    private const int OverheadBytes = 64;
    private const int Kinds = 5;

    /// <summary>Makes the requests.</summary>
    /// <param name="watches">The watches; those that no server has registered yet are left out.</param>
    /// <param name="chroot">Makes paths whole.</param>
    /// <param name="seen">The newest transaction that the client knows.</param>
    public static IEnumerable<ClientRequest> Of(IEnumerable<LocalWatch> watches, Chroot chroot, Zxid seen)
    {
        (int Kind, string Path)[] all =
        [
            .. watches.Where(watch => watch.IsActive)
                .Select(watch => (KindOf(watch), chroot.Outward(watch.Path))).Distinct(),
        ];
        return Of(OpCode.SetWatches, all.Where(watch => watch.Kind < 3), seen)
            .Concat(Of(OpCode.SetWatches2, all.Where(watch => watch.Kind >= 3), seen));
    }

    private static IEnumerable<ClientRequest> Of(
        OpCode op, IEnumerable<(int Kind, string Path)> watches, Zxid seen)
    {
        List<string>[] lists = NewLists();
        int bytes = OverheadBytes;
        foreach ((int kind, string path) in watches)
        {
            int needed = sizeof(int) + Encoding.UTF8.GetByteCount(path);
            if (bytes + needed > BytesMax && bytes > OverheadBytes)
            {
                yield return RequestOf(op, lists, seen);
                (lists, bytes) = (NewLists(), OverheadBytes);
            }

            lists[kind].Add(path);
            bytes += needed;
        }

        if (bytes > OverheadBytes)
        {
            yield return RequestOf(op, lists, seen);
        }
    }

    private static ClientRequest RequestOf(OpCode op, List<string>[] lists, Zxid seen) => new()
    {
        Op = op,
        Watches = new WatchSet(seen, lists[0], lists[1], lists[2], lists[3], lists[4]),
    };

    private static int KindOf(LocalWatch watch) => watch.Mode switch
    {
        WatchMode.Data => watch.AwaitsCreation ? 1 : 0,
        WatchMode.Children => 2,
        WatchMode.Persistent => 3,
        WatchMode.PersistentRecursive => 4,
    };

    private static List<string>[] NewLists() =>
        [.. Enumerable.Range(0, Kinds).Select(_ => new List<string>())];
}
