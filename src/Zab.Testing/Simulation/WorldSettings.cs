using Zab.Core.Election;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Roles;

namespace Zab.Testing.Simulation;

/// <summary>How an ensemble is set up: drawn from a seed, or chosen.</summary>
/// <remarks>A tenth of the seeds begin with counters near their limits; many have tiny windows and a snapshot
/// after every few transactions, so that what is rare in practice is common here.</remarks>
internal sealed record WorldSettings
{
    /// <summary>How many servers vote, from 1 to 7.</summary>
    public required int Voters { get; init; }

    /// <summary>How many only learn, from 0 to 3.</summary>
    public required int Observers { get; init; }

    /// <summary>A tick in milliseconds.</summary>
    public int TickMs { get; init; } = 100;

    /// <summary>Transactions between snapshots.</summary>
    public int SnapshotEvery { get; init; } = 1000;

    /// <summary>Applied entries kept in memory.</summary>
    public int HistoryEntriesMax { get; init; } = 1000;

    /// <summary>The bytes of a chunk of a snapshot for a learner.</summary>
    public int SnapshotChunkBytesMax { get; init; } = 256 * 1024;

    /// <summary>Transactions that may be outstanding.</summary>
    public int OutstandingMax { get; init; } = 1000;

    /// <summary>What leaders allow, and who may read what.</summary>
    public RequestRules Rules { get; init; } = RequestRules.Default;

    /// <summary>How often containers and nodes with a time to live are looked at, in ticks.</summary>
    public int SweepTicks { get; init; } = 20;

    /// <summary>How many of the ticks that a server missed it makes up for.</summary>
    public int OwedTicksMax { get; init; } = 100;

    /// <summary>The shortest and the longest time-out of a session, in ticks.</summary>
    public (int Min, int Max) SessionTicks { get; init; } = (10, 10_000);

    /// <summary>The times of the roles.</summary>
    public RoleOptions Roles { get; init; } = DefaultRoles;

    /// <summary>The history with which all servers begin.</summary>
    public LogPosition Start { get; init; }

    /// <summary>The epochs with which all servers begin.</summary>
    public Epochs StartEpochs { get; init; }

    /// <summary>The least and the most time on the wire, in microseconds.</summary>
    public (long Min, long Max) DelayUs { get; init; } = (100, 2_000);

    /// <summary>The least and the most time of a flush, in microseconds.</summary>
    public (long Min, long Max) FlushUs { get; init; } = (100, 5_000);

    /// <summary>Times in ticks of 100 ms, as a host with ZooKeeper's default tickTime has them.</summary>
    public static RoleOptions DefaultRoles { get; } = new()
    {
        Election = new ElectionOptions(FinalizeTicks: 2, ResendTicks: 3, StallTicks: 10),
        InitLimitTicks = 50,
        SyncLimitTicks = 20,
        PingTicks = 5,
        RedialTicks = 2,
    };

    /// <summary>Draws the settings of a seed.</summary>
    /// <param name="prng">Where chance comes from.</param>
    /// <param name="options">What is fixed.</param>
    public static WorldSettings Draw(Prng prng, SimulationOptions options)
    {
        int voters = options.Voters ?? DrawVoters(prng);
        int observers = options.Observers ?? (prng.OneIn(3) ? 1 + prng.Below(3) : 0);
        bool isTiny = prng.OneIn(2);
        (LogPosition start, Epochs epochs) = DrawStart(prng);
        long fastest = 50 + prng.Below(500);
        return new WorldSettings
        {
            Voters = voters,
            Observers = observers,
            SnapshotEvery = prng.OneIn(2) ? 2 + prng.Below(6) : 20 + prng.Below(1000),
            HistoryEntriesMax = isTiny ? 1 + prng.Below(4) : 8 + prng.Below(1000),
            SnapshotChunkBytesMax = prng.OneIn(3) ? 64 + prng.Below(256) : 256 * 1024,
            OutstandingMax = prng.OneIn(8) ? 1 + prng.Below(8) : 1000,
            Rules = prng.OneIn(8)
                ? RequestRules.Default with { RecordBytesMax = 1_000 + prng.Below(1_000) }
                : RequestRules.Default,
            Roles = DefaultRoles with
            {
                InFlightEntriesMax = prng.OneIn(4) ? 1 + prng.Below(16) : 16 * 1024,
                InFlightBytesMax = prng.OneIn(4) ? 512 + prng.Below(4096) : 8 * 1024 * 1024,
            },
            SweepTicks = 1 + prng.Below(30),
            Start = start,
            StartEpochs = epochs,
            DelayUs = (fastest, fastest + (prng.OneIn(4) ? 50_000 : 3_000)),
            FlushUs = (fastest, fastest + (prng.OneIn(4) ? 100_000 : 4_000)),
        };
    }

    private static int DrawVoters(Prng prng) => prng.Below(20) switch
    {
        0 => 1,
        1 => 2,
        < 13 => 3,
        13 => 4,
        < 18 => 5,
        18 => 6,
        _ => 7,
    };

    /// <summary>Nothing, or a snapshot close to the end of an epoch's zxids.</summary>
    private static (LogPosition Start, Epochs Epochs) DrawStart(Prng prng)
    {
        if (!prng.OneIn(10))
        {
            return default;
        }

        int epoch = prng.OneIn(2) ? 1 + prng.Below(5) : int.MaxValue - 1_000;
        uint counter = prng.OneIn(2) ? uint.MaxValue - 1 - (uint)prng.Below(50) : 1;
        // Nobody has accepted the epoch that is nearly used up: so it is the next, and goes on from there.
        int accepted = counter == 1 ? epoch : epoch - 1;
        return (
            new LogPosition(Zxid.Of(epoch, counter), new ChainHash(prng.Next())),
            new Epochs(accepted, accepted));
    }
}
