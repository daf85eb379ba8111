using System.Globalization;

namespace Zab.Cli.Sim;

/// <summary>The end of a command: its last line, in a form that other programs may read, and its exit
/// code.</summary>
internal sealed record Verdict(string LastLine, int ExitCode)
{
    /// <summary>Of seeds that were run: <c>sim: 1000 seeds, 0 violations, 812 simulated hours, 2400x real
    /// time</c>.</summary>
    /// <param name="seeds">How many were run.</param>
    /// <param name="violations">How many failed.</param>
    /// <param name="simulated">The time that passed in them.</param>
    /// <param name="processor">The processor time that they took, over all threads.</param>
    /// <param name="isStopped">Whether the user stopped it.</param>
    public static Verdict OfSeeds(
        long seeds, long violations, TimeSpan simulated, TimeSpan processor, bool isStopped)
    {
        double speed = simulated / TimeSpan.FromTicks(long.Max(1, processor.Ticks));
        string line = string.Create(
            CultureInfo.InvariantCulture,
            $"sim: {seeds} seeds, {violations} violations, {simulated.TotalHours:F0} simulated hours, "
                + $"{speed:F0}x real time");
        return new Verdict(line, CodeOf(violations == 0, isStopped));
    }

    /// <summary>Of planted bugs: <c>mutations: 60 of 60 caught, median 14 seeds, worst 900</c>.</summary>
    /// <param name="seedsToDetection">One for each bug; null when it was not caught.</param>
    /// <param name="isStopped">Whether the user stopped it.</param>
    public static Verdict OfMutations(IReadOnlyList<long?> seedsToDetection, bool isStopped)
    {
        long[] caught = [.. seedsToDetection.OfType<long>().Order()];
        string line = $"mutations: {caught.Length} of {seedsToDetection.Count} caught";
        if (caught.Length > 0)
        {
            line += $", median {caught[(caught.Length - 1) / 2]} seeds, worst {caught[^1]}";
        }

        bool isGood = caught.Length == seedsToDetection.Count && caught.Length > 0;
        return new Verdict(line, CodeOf(isGood, isStopped));
    }

    /// <summary>Of comparisons: <c>determinism: 200 of 200 seeds gave the same trace</c>.</summary>
    public static Verdict OfDeterminism(long same, long seeds, bool isStopped) =>
        new($"determinism: {same} of {seeds} seeds gave the same trace", CodeOf(same == seeds, isStopped));

    private static int CodeOf(bool isGood, bool isStopped) =>
        !isGood ? Sim.ExitCode.Failure : isStopped ? Sim.ExitCode.Stopped : Sim.ExitCode.Success;
}
