using System.Text.RegularExpressions;
using Zab.Testing.Simulation;

namespace Zab.Cli.Sim;

/// <summary>What <c>zab sim</c> is asked to do.</summary>
internal sealed partial record SimRequest
{
    private const int ServersMax = 15;

    /// <summary>How many seeds to run.</summary>
    public long Seeds { get; init; } = 1000;

    /// <summary>The first seed.</summary>
    public ulong Start { get; init; } = 1;

    /// <summary>Whether the first seed is drawn.</summary>
    public bool IsFresh { get; init; }

    /// <summary>How many servers vote; each seed draws it when null.</summary>
    public int? Servers { get; init; }

    /// <summary>How many observers there are; each seed draws it when null.</summary>
    public int? Observers { get; init; }

    /// <summary>The known bug to plant.</summary>
    public string? Mutation { get; init; }

    /// <summary>Whether to plant all known bugs, one after another.</summary>
    public bool AllMutations { get; init; }

    /// <summary>For <see cref="AllMutations"/>: after how many seeds a bug counts as not caught.</summary>
    public long SeedsPerMutationMax { get; init; } = 10_000;

    /// <summary>Whether to print the events of every seed, not only of those that fail.</summary>
    public bool Trace { get; init; }

    /// <summary>How many seeds to run in several processes, to compare them.</summary>
    public long? Determinism { get; init; }

    /// <summary>Whether only to print each seed's trace hash: what the second process does.</summary>
    public bool HashesOnly { get; init; }

    /// <summary>How many seeds run at once.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>After how many failed seeds to stop.</summary>
    public int FailuresMax { get; init; } = 5;

    /// <summary>Whether a bug is to be planted.</summary>
    public bool Plants => AllMutations || Mutation is not null;

    /// <summary>What the simulator is told.</summary>
    public SimulationOptions Options => new() { Voters = Servers, Observers = Observers };

    /// <summary>What is wrong with the request; null when it can be done.</summary>
    public string? Error()
    {
        long most = long.Max(Seeds, long.Max(SeedsPerMutationMax, Determinism ?? 1));
        return Seeds < 1 ? "--seeds must be at least 1"
            : SeedsPerMutationMax < 1 ? "--max-seeds must be at least 1"
            : Determinism < 1 ? "--determinism must be at least 1"
            : Threads < 1 ? "--threads must be at least 1"
            : FailuresMax < 1 ? "--max-failures must be at least 1"
            : Servers is < 1 or > ServersMax ? $"--servers must be from 1 to {ServersMax}"
            : Observers is < 0 or > ServersMax ? $"--observers must be from 0 to {ServersMax}"
            : Start > ulong.MaxValue - (ulong)most ? "--start leaves no room for the seeds after it"
            : AllMutations && Mutation is not null ? "--mutation and --mutations exclude each other"
            : AllMutations && Determinism is not null ? "--mutations and --determinism exclude each other"
            : Mutation is not null && !MutationId().IsMatch(Mutation)
                ? $"--mutation must be an id as ZB-12 or ZB-12a, not '{Mutation}'"
            : null;
    }

    [GeneratedRegex("^ZB-[0-9]{2}[a-z]?$")]
    private static partial Regex MutationId();
}
