namespace Zab.Testing.Simulation.Hosting;

/// <summary>The clock of a simulation: its timers are events of the world.</summary>
internal sealed class SimulatedTime(World world, Pump pump) : TimeProvider
{
    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override long TimestampFrequency => 1_000_000;

    /// <inheritdoc/>
    public override long GetTimestamp() => world.NowUs;

    /// <inheritdoc/>
    /// <remarks>As the servers see it, so that it goes with the times in stats.</remarks>
    public override DateTimeOffset GetUtcNow() =>
        DateTimeOffset.UnixEpoch.AddTicks(world.NowUs * TimeSpan.TicksPerMicrosecond);

    /// <inheritdoc/>
    public override ITimer CreateTimer(
        TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        pump.ThrowUnlessHere();
        SimulatedTimer timer = new(world, pump, () => callback(state));
        _ = timer.Change(dueTime, period);
        if (state is Task delay)
        {
            pump.Finish(() => timer.Follow(delay)); // it is still being made
        }

        return timer;
    }
}
