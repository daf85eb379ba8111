namespace Zab.Cli.Tests.Sim;

public sealed class ArgumentTests
{
    [Theory]
    [InlineData("sim --seeds 0", "--seeds must be at least 1")]
    [InlineData("sim --seeds many", "Cannot parse argument 'many' for option '--seeds'.")]
    [InlineData("sim --threads 0", "--threads must be at least 1")]
    [InlineData("sim --max-seeds 0", "--max-seeds must be at least 1")]
    [InlineData("sim --max-failures 0", "--max-failures must be at least 1")]
    [InlineData("sim --determinism 0", "--determinism must be at least 1")]
    [InlineData("sim --servers 0", "--servers must be from 1 to 15")]
    [InlineData("sim --observers -1", "--observers must be from 0 to 15")]
    [InlineData("sim --start 18446744073709551615", "--start leaves no room")]
    [InlineData("sim --start 3 --fresh", "--start and --fresh exclude each other")]
    [InlineData("sim --mutation 12", "--mutation must be an id as ZB-12 or ZB-12a, not '12'")]
    [InlineData("sim --mutation ZB-99", "no mutation ZB-99 is woven in")]
    [InlineData("sim --mutation ZB-12 --mutations", "--mutation and --mutations exclude each other")]
    [InlineData("sim --mutations --determinism 3", "--mutations and --determinism exclude each other")]
    [InlineData("sim --sedes 3", "--sedes")]
    [InlineData("simulate", "simulate")]
    public void Arguments_that_cannot_be_done_are_refused(string arguments, string expected)
    {
        MadeUpSimulator simulator = new((_, _) => throw new InvalidOperationException("it ran"));

        (int code, string[] lines, string error) = MadeUpSimulator.Run(
            simulator.Host(("ZB-12", "Twelve")), arguments);

        Assert.Equal(2, code);
        Assert.Equal([""], lines);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_help_says_what_the_speed_is()
    {
        (int code, string[] lines, _) = MadeUpSimulator.Run(
            new MadeUpSimulator((_, _) => null).Host(), "sim --help");

        string help = string.Join(' ', lines);
        Assert.Equal(0, code);
        Assert.Contains("'x real time' is the simulated time", help, StringComparison.Ordinal);
        Assert.DoesNotContain("--hashes", help, StringComparison.Ordinal);
    }
}
