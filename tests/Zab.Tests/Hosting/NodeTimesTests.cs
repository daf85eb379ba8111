using Zab.Hosting;

namespace Zab.Tests.Hosting;

public sealed class NodeTimesTests
{
    [Theory]
    [InlineData(1, 5)]
    [InlineData(500, 25)]
    [InlineData(2000, 100)]
    [InlineData(60_000, 100)]
    public void A_core_tick_is_a_twentieth_of_a_tick_within_bounds(int tickMs, int coreTickMs) =>
        Assert.Equal(coreTickMs, TimesOf(TimeSpan.FromMilliseconds(tickMs)).TickMs);

    [Fact]
    public void Limits_keep_their_length_in_core_ticks()
    {
        NodeTimes times = TimesOf(TimeSpan.FromMilliseconds(500));

        Assert.Equal(
            (400, 80, 10), (times.Roles.InitLimitTicks, times.Roles.SyncLimitTicks, times.Roles.PingTicks));
        Assert.Equal((2, 10, 40), (
            times.Roles.Election.FinalizeTicks,
            times.Roles.Election.ResendTicks,
            times.Roles.Election.StallTicks));
        Assert.True(times.TicksOwedMax > times.Roles.InitLimitTicks);
    }

    [Fact]
    public void After_a_pause_the_missed_ticks_are_due_at_once_up_to_a_bound()
    {
        StoppedClock clock = new();
        TickCounter ticks = new(clock, tickMs: 10, owedMax: 50);

        Assert.Equal(0, ticks.Take());
        clock.Advance(TimeSpan.FromMilliseconds(35));
        Assert.Equal(3, ticks.Take());
        clock.Advance(TimeSpan.FromMilliseconds(5));
        Assert.Equal(1, ticks.Take());
        clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(50, ticks.Take());
        Assert.Equal(0, ticks.Take());
    }

    private static NodeTimes TimesOf(TimeSpan tickTime) => new(new ZabNodeOptions
    {
        ServerId = 1,
        Ensemble = EnsembleConfig.Parse("server.1=a:1:2"),
        TickTime = tickTime,
    });

    private sealed class StoppedClock : TimeProvider
    {
        private long _timestamp = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _timestamp;

        public void Advance(TimeSpan time) => _timestamp += time.Ticks;
    }
}
