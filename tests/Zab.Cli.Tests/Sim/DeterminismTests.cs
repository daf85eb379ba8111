using Zab.Cli.Sim;
using Zab.Testing.Simulation;

namespace Zab.Cli.Tests.Sim;

public sealed class DeterminismTests
{
    [Fact]
    public void A_second_process_gives_the_same_traces()
    {
        (int code, string[] lines, string error) = MadeUpSimulator.Run(
            new SimHost { Simulate = Simulator.Run }, "sim --determinism 2 --start 11");

        Assert.Equal("determinism: 2 of 2 seeds gave the same trace", Assert.Single(lines));
        Assert.Equal(0, code);
        Assert.Contains("the second process runs ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_trace_that_differs_in_the_second_process_is_told()
    {
        SimHost host = new()
        {
            Simulate = (seed, options) =>
            {
                SimulationResult result = Simulator.Run(seed, options);
                return seed == 12 ? result with { TraceHash = result.TraceHash + 1 } : result;
            },
        };

        (int code, string[] lines, _) = MadeUpSimulator.Run(host, "sim --determinism 2 --start 11");

        Assert.Equal(1, code);
        Assert.Matches("^seed 12: [0-9a-f]{16} here, [0-9a-f]{16} in .*Zab.Cli.dll$", lines[0]);
        Assert.Equal("determinism: 1 of 2 seeds gave the same trace", lines[^1]);
    }

    [Fact]
    public void The_second_process_prints_hashes_only()
    {
        (int code, string[] lines, _) = MadeUpSimulator.Run(
            new MadeUpSimulator((_, _) => null).Host(), "sim --hashes --start 5 --seeds 2");

        Assert.Equal(0, code);
        Assert.Equal(["5 000000000000000f", "6 0000000000000012"], lines);
    }

    [Fact]
    public void The_other_configuration_is_compared_when_it_is_built()
    {
        string root = Directory.CreateTempSubdirectory("zab").FullName;
        string release = Path.Combine(root, "bin", "Release", "Zab.Cli.dll");
        string debug = Path.Combine(root, "bin", "Debug", "Zab.Cli.dll");
        Assert.Equal([release], SecondProcess.Assemblies(release));
        _ = Directory.CreateDirectory(Path.GetDirectoryName(debug)!);
        File.WriteAllText(debug, "");

        Assert.Equal([release, debug], SecondProcess.Assemblies(release));
        Assert.Equal([debug], SecondProcess.Assemblies(debug));
        Directory.Delete(root, recursive: true);
    }
}
