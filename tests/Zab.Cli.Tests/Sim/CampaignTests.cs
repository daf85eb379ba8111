namespace Zab.Cli.Tests.Sim;

public sealed class CampaignTests
{
    [Fact]
    public void Seeds_without_a_violation_are_counted_in_the_last_line()
    {
        MadeUpSimulator simulator = new((_, _) => null);

        (int code, string[] lines, _) = MadeUpSimulator.Run(simulator.Host(), "sim --seeds 40 --threads 3");

        Assert.Equal(0, code);
        Assert.Matches("^sim: 40 seeds, 0 violations, 40 simulated hours, [0-9]+x real time$", Assert.Single(lines));
    }

    [Fact]
    public void A_seed_that_fails_is_shown_with_its_check_its_step_and_its_events()
    {
        MadeUpSimulator simulator = new((seed, _) => seed == 7 ? "E6: server 2 spoke too soon" : null);

        (int code, string[] lines, _) = MadeUpSimulator.Run(
            simulator.Host(), "sim --start 5 --seeds 10 --servers 3 --threads 2");

        Assert.Equal(1, code);
        Assert.Equal(
            [
                "seed 7: E6: server 2 spoke too soon",
                "at step 107, after 3600.000 simulated seconds",
                "  crash 7",
                "  restart 7",
                "to see it again: zab sim --start 7 --seeds 1 --servers 3",
            ],
            lines[..^1]);
        Assert.StartsWith("sim: 10 seeds, 1 violations, 10 simulated hours, ", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void It_stops_after_so_many_failures_at_the_same_seed_with_any_number_of_threads()
    {
        MadeUpSimulator simulator = new((seed, _) => seed % 10 == 0 ? "S1: x" : null);

        foreach (int threads in (int[])[1, 2, 5])
        {
            (int code, string[] lines, string error) = MadeUpSimulator.Run(
                simulator.Host(), $"sim --seeds 1000 --max-failures 3 --threads {threads}");

            Assert.Equal(1, code);
            Assert.StartsWith("sim: 30 seeds, 3 violations, ", lines[^1], StringComparison.Ordinal);
            Assert.Contains("stopped after 3 violations", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Events_are_printed_of_every_seed_when_asked_for()
    {
        (_, string[] lines, _) = MadeUpSimulator.Run(
            new MadeUpSimulator((_, _) => null).Host(), "sim --seeds 2 --trace --threads 2");

        Assert.Equal(
            ["seed 1: no violation", "  crash 1", "  restart 1", "seed 2: no violation", "  crash 2", "  restart 2"],
            lines[..^1]);
    }

    [Fact]
    public void An_exception_of_the_simulator_is_a_violation_of_its_seed()
    {
        MadeUpSimulator simulator = new((seed, _) => seed == 2 ? throw new InvalidOperationException("no") : null);

        (int code, string[] lines, _) = MadeUpSimulator.Run(simulator.Host(), "sim --seeds 3");

        Assert.Equal(1, code);
        Assert.Equal("seed 2: InvalidOperationException: no", lines[0]);
        Assert.StartsWith("sim: 3 seeds, 1 violations, 2 simulated hours, ", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_fresh_start_is_printed_and_can_be_repeated()
    {
        (int code, string[] lines, _) = MadeUpSimulator.Run(
            new MadeUpSimulator((_, _) => "E1: x").Host(), "sim --fresh --seeds 1");

        Assert.Equal(1, code);
        Assert.Matches("^start: [0-9]+$", lines[0]);
        Assert.StartsWith($"seed {lines[0][7..]}: ", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_bug_is_planted_where_the_seeds_run()
    {
        MadeUpSimulator simulator = new((_, planted) => planted == "ZB-12" ? "S16: x" : null);

        (int code, string[] lines, _) = MadeUpSimulator.Run(
            simulator.Host(("ZB-12", "Twelve")), "sim --mutation ZB-12 --seeds 1");

        Assert.Equal(1, code);
        Assert.Contains("to see it again: zab sim --start 1 --seeds 1 --mutation ZB-12", lines);
    }
}
