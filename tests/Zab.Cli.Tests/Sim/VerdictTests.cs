using Zab.Cli.Sim;

namespace Zab.Cli.Tests.Sim;

public sealed class VerdictTests
{
    [Fact]
    public void The_last_line_of_seeds_has_its_form()
    {
        TimeSpan simulated = TimeSpan.FromHours(812.3);

        Assert.Equal(
            new Verdict("sim: 1000 seeds, 0 violations, 812 simulated hours, 2400x real time", 0),
            Verdict.OfSeeds(1000, 0, simulated, simulated / 2400, isStopped: false));
    }

    [Theory]
    [InlineData(0, false, 0)]
    [InlineData(0, true, 130)]
    [InlineData(1, false, 1)]
    [InlineData(1, true, 1)]
    public void Seeds_succeed_when_all_were_run_and_none_failed(long violations, bool isStopped, int code) =>
        Assert.Equal(
            code, Verdict.OfSeeds(9, violations, TimeSpan.Zero, TimeSpan.Zero, isStopped).ExitCode);

    [Fact]
    public void The_last_line_of_mutations_has_its_form()
    {
        long?[] seeds = [900, .. Enumerable.Repeat<long?>(14, 57), 1, 2];

        Assert.Equal(
            new Verdict("mutations: 60 of 60 caught, median 14 seeds, worst 900", 0),
            Verdict.OfMutations(seeds, isStopped: false));
    }

    [Fact]
    public void Mutations_succeed_when_all_were_caught()
    {
        Assert.Equal(
            new Verdict("mutations: 2 of 3 caught, median 3 seeds, worst 8", 1),
            Verdict.OfMutations([8, null, 3], isStopped: false));
        Assert.Equal(new Verdict("mutations: 0 of 1 caught", 1), Verdict.OfMutations([null], isStopped: false));
        Assert.Equal(1, Verdict.OfMutations([], isStopped: false).ExitCode);
        Assert.Equal(130, Verdict.OfMutations([3], isStopped: true).ExitCode);
    }

    [Theory]
    [InlineData(200, false, 0)]
    [InlineData(199, false, 1)]
    [InlineData(200, true, 130)]
    public void The_last_line_of_determinism_has_its_form(long same, bool isStopped, int code) =>
        Assert.Equal(
            new Verdict($"determinism: {same} of 200 seeds gave the same trace", code),
            Verdict.OfDeterminism(same, 200, isStopped));
}
