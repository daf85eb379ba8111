using Zab.Core.Primitives;
using Zab.Core.Recovery;
using Zab.Testing.Simulation.Clients;

namespace Zab.Testing.Simulation;

/// <content>How long servers that are behind may take to serve (L3, L5).</content>
internal sealed partial class LivenessPhase
{
    /// <summary>Whether all that clients can have under way fills the window of a learner.</summary>
    /// <remarks>Then entries are written as fast as a window after the other goes to the quorum, and no
    /// learner can take more in than that: whether one that is behind comes nearer is chance. With a wider
    /// window it takes in, with each answer, what was written meanwhile and more.</remarks>
    private bool IsWindowNarrow =>
        world.Settings.Roles.InFlightEntriesMax <= clients.WaitingOfAllMax
            || world.Settings.Roles.InFlightBytesMax <= clients.WaitingOfAllMax * Workload.LargeBytes;

    /// <summary>The core comes to serve: in the given time, or, when the window is narrow, without clients in
    /// the time that what is missing takes.</summary>
    /// <remarks>A window of one entry is stop and wait: hundreds of entries, at a flush of 50 ms each, take
    /// longer than any join, though nothing is wrong.</remarks>
    private void AwaitCatchUp(long limitUs, string failure)
    {
        bool hadClients = clients.IsActive;
        if (IsWindowNarrow && !TryRunUntil(CoreServes, limitUs))
        {
            clients.IsActive = false;
            world.Trace.Note(world.NowUs, "-- clients rest until all have caught up");
            limitUs += CatchUpLimitUs();
        }

        RunUntil(CoreServes, limitUs, failure);
        clients.IsActive = hadClients;
    }

    /// <summary>How long the server of the core that is furthest behind may take to receive what the leader
    /// holds for it.</summary>
    /// <remarks>In a round, what is under way arrives, waits for the flush that runs, is flushed itself, and
    /// is reported. Reports come with every eighth of a window, so each round brings half a window at least,
    /// and one that the entries do not fill is filled by bytes. A chunk is reported by itself.</remarks>
    private long CatchUpLimitUs()
    {
        if (CoreLeader() is not { } leader)
        {
            return 0;
        }

        (long entriesMax, long bytesMax) =
            (world.Settings.Roles.InFlightEntriesMax, world.Settings.Roles.InFlightBytesMax);
        History history = leader.Replica!.Log.History;
        Zxid logged = _core.Min(server => server.Replica?.Status.Logged ?? Zxid.None);
        _ = history.TryFindEnd(history.LastNotAfter(logged), out long next);
        long entries = history.EndIndex - next;
        long bytes = history.BytesBefore(history.EndIndex) - history.BytesBefore(next);
        long stateBytes = leader.Replica.Committed.ToChunks(world.Settings.SnapshotChunkBytesMax)
            .Sum(chunk => (long)chunk.Length);
        long rounds = 3 + (2 * ((entries / entriesMax) + (bytes / bytesMax))) + (stateBytes / bytesMax);
        return rounds * 2 * (_delayUs + world.Settings.FlushUs.Max);
    }
}
