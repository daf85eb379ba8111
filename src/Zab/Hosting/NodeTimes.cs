using Zab.Core.Election;
using Zab.Core.Roles;

namespace Zab.Hosting;

/// <summary>The times of the options, in ticks of the core.</summary>
/// <remarks>A tick of the core is a twentieth of <see cref="ZabNodeOptions.TickTime"/>, but from 5 to 100 ms and whole:
/// fine enough for heartbeats and elections, coarse enough to cost nothing.</remarks>
internal sealed class NodeTimes
{
    private const int TickMsMin = 5;
    private const int TickMsMax = 100;
    private const int TicksMax = 1_000_000_000;

    private readonly ZabNodeOptions _options;

    /// <summary>Converts the times of valid options.</summary>
    public NodeTimes(ZabNodeOptions options)
    {
        _options = options;
        TickMs = (int)Math.Clamp(options.TickTime.TotalMilliseconds / 20, TickMsMin, TickMsMax);
        Roles = new RoleOptions
        {
            Election = new ElectionOptions(
                FinalizeTicks: Math.Max(2, Ticks(TimeSpan.FromMilliseconds(20))),
                ResendTicks: Ticks(TimeSpan.FromMilliseconds(250)),
                StallTicks: Ticks(TimeSpan.FromSeconds(1))),
            InitLimitTicks = Ticks(options.InitLimit * options.TickTime),
            SyncLimitTicks = Math.Max(4, Ticks(options.SyncLimit * options.TickTime)),
            PingTicks = Math.Max(1, Ticks(options.TickTime / 2)),
            RedialTicks = Math.Max(2, Ticks(TimeSpan.FromMilliseconds(50))),
        };
    }

    /// <summary>The length of a tick of the core.</summary>
    public int TickMs { get; }

    /// <summary>The times of the roles.</summary>
    public RoleOptions Roles { get; }

    /// <summary>How many missed ticks are made up for after a pause: more than any limit of the protocol, so that the
    /// replica sees every one of them pass.</summary>
    public int TicksOwedMax => (int)Math.Min(TicksMax, (long)Roles.InitLimitTicks + Roles.SyncLimitTicks + 1);

    /// <summary>The session time-out that is asked for when the caller names none.</summary>
    public TimeSpan DefaultSessionTimeout => 20 * _options.TickTime;

    /// <summary>A time in ticks, rounded up; 1 or more.</summary>
    public int Ticks(TimeSpan time) =>
        (int)Math.Clamp(Math.Ceiling(time.TotalMilliseconds / TickMs), 1, TicksMax);
}
