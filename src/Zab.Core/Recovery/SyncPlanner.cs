using System.Collections.Generic;
using Zab.Core.Primitives;

namespace Zab.Core.Recovery;

/// <summary>Decides how to bring a learner to the leader's history: by membership, never by comparison
/// (R7).</summary>
/// <remarks>Source: ZooKeeper <c>LearnerHandler.syncFollower</c>, which compares zxids and so meets ZK-2832
/// and its kin.</remarks>
internal static class SyncPlanner
{
    /// <summary>The plan for a learner whose history ends as told.</summary>
    /// <param name="history">The leader's history.</param>
    /// <param name="ends">The learner's last position, then the last positions of its earlier epochs, newest
    /// first, down to the last position that it knows to be committed. Not empty.</param>
    /// <remarks>
    /// <para>A position that the leader's history passes through is common, and so is all before it.</para>
    /// <para>Within one epoch, one primary made all entries, in order: so when the learner's epoch ends later
    /// than the leader's entries of the same epoch, the learner has those entries too, and the leader's last
    /// of them is common.</para>
    /// <para>If neither is found, the histories parted before the leader's window begins, and only a snapshot
    /// will do.</para>
    /// </remarks>
    public static SyncPlan Plan(History history, IReadOnlyList<LogPosition> ends)
    {
        for (int i = 0; i < ends.Count; i++)
        {
            if (history.Contains(ends[i]))
            {
                return new SyncPlan(i == 0 ? SyncMode.Diff : SyncMode.Trunc, ends[i]);
            }

            LogPosition mine = history.LastNotAfter(ends[i].Zxid);
            if (mine.Zxid.Counter > 0 && mine.Zxid.Epoch == ends[i].Zxid.Epoch && mine.Zxid < ends[i].Zxid)
            {
                return new SyncPlan(SyncMode.Trunc, mine);
            }
        }

        return new SyncPlan(SyncMode.Snap, default);
    }
}
