using Zab.Core.Primitives;
using Zab.Core.Sessions;

namespace Zab.Core.Tests.Sessions;

public class SessionTrackerTests
{
    private static readonly SessionId s_session = new(77);

    [Fact]
    public void A_silent_session_expires_on_the_tick_after_its_timeout()
    {
        SessionTracker tracker = new();
        tracker.Track(s_session, timeoutTicks: 3, nowTick: 10);

        Assert.Empty(Expired(tracker, 13));
        Assert.Equal([s_session], Expired(tracker, 14));
        Assert.Empty(Expired(tracker, 15));
        Assert.Equal(0, tracker.Count);
        Assert.False(tracker.Touch(s_session, 15));
    }

    [Fact]
    public void A_touch_gives_a_full_timeout()
    {
        SessionTracker tracker = new();
        tracker.Track(s_session, timeoutTicks: 3, nowTick: 0);

        Assert.True(tracker.Touch(s_session, 3));

        Assert.Empty(Expired(tracker, 6));
        Assert.Equal([s_session], Expired(tracker, 7));
    }

    [Fact]
    public void After_a_pause_everyone_gets_a_full_timeout()
    {
        SessionTracker tracker = new();
        tracker.Track(s_session, timeoutTicks: 3, nowTick: 0);

        tracker.TouchAll(1_000_000);

        Assert.Empty(Expired(tracker, 1_000_003));
        Assert.Equal([s_session], Expired(tracker, 1_000_004));
    }

    [Fact]
    public void Those_that_expire_together_come_in_the_order_of_their_ids()
    {
        SessionTracker tracker = new();
        foreach (long id in (long[])[5, -3, 9, 1, long.MaxValue])
        {
            tracker.Track(new SessionId(id), timeoutTicks: (int)(id & 3) + 1, nowTick: 0);
        }

        Assert.Equal([1, 5, 9, long.MaxValue, -3], Expired(tracker, 100).Select(session => session.Value));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void It_expires_whom_the_plainest_tracker_expires(int seed)
    {
        Prng random = new((ulong)seed);
        SessionTracker tracker = new();
        SortedDictionary<long, (long Touched, int Timeout)> model = [];
        long now = 0;
        for (int i = 0; i < 20_000; i++)
        {
            long id = 1 + random.Below(300);
            switch (random.Below(8))
            {
                case < 2:
                    int timeout = 1 + random.Below(40);
                    tracker.Track(new SessionId(id), timeout, now);
                    model[id] = (now, timeout);
                    break;
                case 2:
                    Assert.Equal(model.Remove(id), tracker.Remove(new SessionId(id)));
                    break;
                case < 7:
                    Assert.Equal(model.ContainsKey(id), tracker.Touch(new SessionId(id), now));
                    if (model.TryGetValue(id, out (long Touched, int Timeout) known))
                        model[id] = (now, known.Timeout);
                    break;
                default:
                    now += random.OneIn(20) ? random.Below(60) : random.Below(3);
                    long[] due =
                    [
                        .. model.Where(pair => now > pair.Value.Touched + pair.Value.Timeout)
                            .Select(pair => pair.Key),
                    ];
                    Assert.Equal(due, Expired(tracker, now).Select(session => session.Value));
                    Array.ForEach(due, expired => model.Remove(expired));
                    break;
            }

            Assert.Equal(model.Count, tracker.Count);
        }
    }

    private static List<SessionId> Expired(SessionTracker tracker, long nowTick)
    {
        List<SessionId> expired = [];
        tracker.TakeExpired(nowTick, expired);
        return expired;
    }
}
