using System.CommandLine;

namespace Zab.Cli.Sim;

/// <summary>The command <c>sim</c> and its options.</summary>
internal sealed class SimCommand
{
    private static readonly SimRequest s_defaults = new();

    private readonly Option<long> _seeds = Number("--seeds", s_defaults.Seeds, "How many seeds to run.");
    private readonly Option<ulong> _start = Number("--start", s_defaults.Start, "The first seed.");
    private readonly Option<bool> _fresh = Switch("--fresh", "Start at a random seed, which is printed.");
    private readonly Option<int?> _servers = Number(
        "--servers", (int?)null, "How many servers vote; without it, each seed draws a number.");

    private readonly Option<int?> _observers = Number(
        "--observers", (int?)null, "How many observers there are; without it, each seed draws a number.");

    private readonly Option<string?> _mutation = new("--mutation")
    {
        Description = "Plant this known bug. Needs the repository: what ships has no bugs to switch on.",
        HelpName = "ZB-nn",
    };

    private readonly Option<bool> _mutations = Switch(
        "--mutations", "Plant every known bug in turn, and tell how many seeds it takes to catch it.");

    private readonly Option<long> _maxSeeds = Number(
        "--max-seeds", s_defaults.SeedsPerMutationMax, "With --mutations: give a bug up after so many.");

    private readonly Option<bool> _trace = Switch(
        "--trace", "Print the events of every seed, not only of those that fail.");

    private readonly Option<long?> _determinism = Number(
        "--determinism", (long?)null, "Run so many seeds in several processes, and compare their traces.");

    private readonly Option<bool> _hashes = Switch("--hashes", "Print only seeds and trace hashes.");
    private readonly Option<int> _threads = Number(
        "--threads", s_defaults.Threads, "How many seeds run at once.");

    private readonly Option<int> _maxFailures = Number(
        "--max-failures", s_defaults.FailuresMax, "Stop after so many seeds that failed.");

    /// <summary>Makes the command, without an action.</summary>
    public SimCommand()
    {
        _hashes.Hidden = true;
        Command = new Command(
            "sim",
            "Runs whole ensembles in virtual time, each from one seed, with faults of network, disks and "
            + "processes, and checks every step. The last line tells the result; 'x real time' is the "
            + "simulated time, divided by the processor time of all threads together: the speed of one core. "
            + "Exit code: 0 good, 1 something was violated (or not caught), 2 unusable, 130 stopped.")
        {
            _seeds, _start, _fresh, _servers, _observers, _mutation, _mutations, _maxSeeds, _trace,
            _determinism, _hashes, _threads, _maxFailures,
        };
        Command.Validators.Add(given =>
        {
            if (given.GetValue(_fresh) && given.GetResult(_start) is { Implicit: false })
            {
                given.AddError("--start and --fresh exclude each other");
            }
        });
    }

    /// <summary>The command.</summary>
    public Command Command { get; }

    /// <summary>What the arguments ask for.</summary>
    public SimRequest RequestOf(ParseResult parsed) => new()
    {
        Seeds = parsed.GetValue(_seeds),
        Start = parsed.GetValue(_start),
        IsFresh = parsed.GetValue(_fresh),
        Servers = parsed.GetValue(_servers),
        Observers = parsed.GetValue(_observers),
        Mutation = parsed.GetValue(_mutation),
        AllMutations = parsed.GetValue(_mutations),
        SeedsPerMutationMax = parsed.GetValue(_maxSeeds),
        Trace = parsed.GetValue(_trace),
        Determinism = parsed.GetValue(_determinism),
        HashesOnly = parsed.GetValue(_hashes),
        Threads = parsed.GetValue(_threads),
        FailuresMax = parsed.GetValue(_maxFailures),
    };

    private static Option<T> Number<T>(string name, T value, string description) =>
        new(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => value };

    private static Option<bool> Switch(string name, string description) =>
        new(name) { Description = description };
}
