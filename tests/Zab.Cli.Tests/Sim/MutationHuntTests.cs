namespace Zab.Cli.Tests.Sim;

public sealed class MutationHuntTests
{
    private static readonly (string, string)[] s_mutations = [("ZB-12", "Twelve"), ("ZB-49a", "Forty-nine")];

    [Fact]
    public void Each_bug_has_a_line_and_the_last_line_counts_them()
    {
        MadeUpSimulator simulator = new((seed, planted) =>
            planted == "ZB-12" && seed >= 14 ? "S21: x" : planted == "ZB-49a" && seed == 90 ? "E14: y" : null);

        (int code, string[] lines, _) = MadeUpSimulator.Run(simulator.Host(s_mutations), "sim --mutations --threads 3");

        Assert.Equal(0, code);
        Assert.Equal(
            [
                "ZB-12 Twelve: S21 after 14 seeds",
                "ZB-49a Forty-nine: E14 after 90 seeds",
                "mutations: 2 of 2 caught, median 14 seeds, worst 90",
            ],
            lines);
    }

    [Fact]
    public void A_bug_that_no_seed_catches_fails_the_command()
    {
        MadeUpSimulator simulator = new((seed, planted) => planted == "ZB-12" && seed == 103 ? "S1: x" : null);

        (int code, string[] lines, _) = MadeUpSimulator.Run(
            simulator.Host(s_mutations), "sim --mutations --start 101 --max-seeds 20");

        Assert.Equal(1, code);
        Assert.Equal(
            [
                "ZB-12 Twelve: S1 after 3 seeds",
                "ZB-49a Forty-nine: not caught in 20 seeds",
                "mutations: 1 of 2 caught, median 3 seeds, worst 3",
            ],
            lines);
    }

    [Fact]
    public void The_smallest_seed_is_told_even_when_a_later_one_ends_first()
    {
        using ManualResetEventSlim laterEnded = new();
        MadeUpSimulator simulator = new((seed, planted) =>
        {
            if (planted is not null && seed == 2)
            {
                laterEnded.Wait();
                return "S1: the smaller";
            }

            if (planted is not null && seed == 3)
            {
                laterEnded.Set();
                return "S2: the later";
            }

            return null;
        });

        (_, string[] lines, _) = MadeUpSimulator.Run(
            simulator.Host(("ZB-12", "Twelve")), "sim --mutations --threads 2");

        Assert.Equal("ZB-12 Twelve: S1 after 2 seeds", lines[0]);
    }

    [Fact]
    public void A_seed_that_fails_without_the_bug_too_catches_nothing()
    {
        MadeUpSimulator simulator = new((seed, planted) =>
            seed == 4 ? "K1: always" : planted is not null && seed == 6 ? "S1: x" : null);

        (int code, string[] lines, string error) = MadeUpSimulator.Run(
            simulator.Host(("ZB-12", "Twelve")), "sim --mutations");

        Assert.Equal(0, code);
        Assert.Equal("ZB-12 Twelve: S1 after 6 seeds", lines[0]);
        Assert.Contains("seed 4 fails without ZB-12 too: K1: always", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sim --mutations")]
    [InlineData("sim --mutation ZB-12 --trace")]
    public void What_ships_hands_over_and_passes_the_exit_code_on(string arguments) =>
        Assert.Equal(42, MadeUpSimulator.Run(new MadeUpSimulator((_, _) => null).Host(), arguments).Code);
}
