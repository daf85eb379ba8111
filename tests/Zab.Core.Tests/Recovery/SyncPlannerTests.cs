using Zab.Core.Primitives;
using Zab.Core.Recovery;

namespace Zab.Core.Tests.Recovery;

/// <summary>The plan, followed, always gives the learner the leader's history: over all pairs of histories of up to four entries in three
/// epochs that Zab can bring about, with all that either may have cut off.</summary>
public sealed class SyncPlannerTests
{
    private const int EntriesMax = 4;

    [Fact]
    public void Every_plan_leads_to_the_history_of_the_leader_and_keeps_what_is_committed()
    {
        int plans = 0;
        HashSet<SyncMode> modes = [];
        HashSet<(LogPosition, LogPosition)> pairs = []; // a position tells the history before it
        foreach (List<List<LogPosition>> primaries in Runs())
        {
            List<List<LogPosition>> histories = [.. primaries.SelectMany(Prefixes)];
            foreach (List<LogPosition> leader in histories)
            {
                foreach (List<LogPosition> learner in histories)
                {
                    if (!pairs.Add((leader.LastOrDefault(), learner.LastOrDefault())))
                    {
                        continue;
                    }

                    int common = leader.Zip(learner).TakeWhile(pair => pair.First == pair.Second).Count();
                    for (int committed = 0; committed <= common; committed++)
                    {
                        for (int windowStart = 0; windowStart <= leader.Count; windowStart++)
                        {
                            for (int learnerStart = 0; learnerStart <= committed; learnerStart++)
                            {
                                modes.Add(Check(leader, learner, common, committed, windowStart, learnerStart));
                                plans++;
                            }
                        }
                    }
                }
            }
        }

        Assert.True(plans > 9_000 && pairs.Count > 600, $"only {plans} plans for {pairs.Count} pairs were checked");
        Assert.Equal([SyncMode.Diff, SyncMode.Trunc, SyncMode.Snap], modes.Order());
    }

    [Fact]
    public void An_equal_zxid_with_another_hash_is_not_common()
    {
        History leader = HistoryOf([], 0);
        Assert.True(leader.TryAppend(leader.PositionAfter(Zxid.Of(1, 1), [1]), new byte[] { 1 }));
        LogPosition other = new(Zxid.Of(1, 1), ChainHash.Empty.Extend(Zxid.Of(1, 1), [2]));

        SyncPlan plan = SyncPlanner.Plan(leader, [other, LogPosition.Start]);

        Assert.Equal(new SyncPlan(SyncMode.Trunc, LogPosition.Start), plan);
    }

    private static SyncMode Check(
        List<LogPosition> leader, List<LogPosition> learner, int common, int committed, int windowStart,
        int learnerStart)
    {
        LogPosition known = committed == 0 ? LogPosition.Start : learner[committed - 1];
        List<LogPosition> ends = HistoryOf(learner, learnerStart).EpochEndsDownTo(known);

        SyncPlan plan = SyncPlanner.Plan(HistoryOf(leader, windowStart), ends);

        switch (plan.Mode)
        {
            case SyncMode.Diff:
                Assert.Equal(learner.Count == 0 ? LogPosition.Start : learner[^1], plan.From);
                Assert.Equal(common, learner.Count);
                break;
            case SyncMode.Trunc:
                Assert.True(plan.From.Zxid >= known.Zxid, "what is committed would be cut");
                Assert.Equal(common == 0 ? LogPosition.Start : leader[common - 1], plan.From);
                break;
            case SyncMode.Snap:
                Assert.True(common < windowStart, "the common part lies in the window, and entries would do");
                break;
            default:
                Assert.Fail($"{plan.Mode}");
                break;
        }

        return plan.Mode;
    }

    /// <summary>All ways in which three epochs can follow each other: each primary begins with part of an earlier one's history.</summary>
    private static IEnumerable<List<List<LogPosition>>> Runs()
    {
        for (int first = 0; first <= EntriesMax; first++)
        {
            List<LogPosition> one = Extend([], epoch: 1, first);
            foreach (List<LogPosition> start2 in Prefixes(one))
            {
                for (int second = 0; start2.Count + second <= EntriesMax; second++)
                {
                    List<LogPosition> two = Extend(start2, epoch: 2, second);
                    foreach (List<LogPosition> start3 in Prefixes(one).Concat(Prefixes(two)))
                    {
                        for (int third = 0; start3.Count + third <= EntriesMax; third++)
                        {
                            yield return [one, two, Extend(start3, epoch: 3, third)];
                        }
                    }
                }
            }
        }
    }

    private static IEnumerable<List<LogPosition>> Prefixes(List<LogPosition> history) =>
        Enumerable.Range(0, history.Count + 1).Select(length => history[..length]);

    private static List<LogPosition> Extend(List<LogPosition> start, int epoch, int count)
    {
        List<LogPosition> extended = [.. start];
        for (uint counter = 1; counter <= count; counter++)
        {
            LogPosition last = extended.Count == 0 ? LogPosition.Start : extended[^1];
            Zxid zxid = Zxid.Of(epoch, counter);
            extended.Add(new LogPosition(zxid, last.Chain.Extend(zxid, default)));
        }

        return extended;
    }

    private static History HistoryOf(List<LogPosition> positions, int windowStart)
    {
        History history = new(windowStart == 0 ? LogPosition.Start : positions[windowStart - 1]);
        foreach (LogPosition position in positions[windowStart..])
        {
            Assert.True(history.TryAppend(position, default));
        }

        return history;
    }
}
