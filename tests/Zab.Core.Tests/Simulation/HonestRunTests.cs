using Xunit.Abstractions;
using Zab.Core.Primitives;

namespace Zab.Core.Tests.Simulation;

public sealed class HonestRunTests(ITestOutputHelper output)
{
    private static readonly int s_seeds = int.Parse(Environment.GetEnvironmentVariable("ZAB_SEEDS_PER_CASE") ?? "12", System.Globalization.CultureInfo.InvariantCulture);

    [Theory]
    [InlineData(1, false, false)]
    [InlineData(3, false, false)]
    [InlineData(1, true, false)]
    [InlineData(3, true, false)]
    [InlineData(1, false, true)]
    [InlineData(3, false, true)]
    [InlineData(1, true, true)]
    [InlineData(3, true, true)]
    public void Honest_servers_raise_no_alarm(int servers, bool withFaults, bool pipelined)
    {
        List<string> alarms = [];
        for (int seed = 1; seed <= s_seeds; seed++)
        {
            HonestEnsemble ensemble = new((ulong)seed, servers) { IsPipelined = pipelined };
            try
            {
                ensemble.Run(requests: 1_500, withFaults);
                ensemble.End();
                Assert.True(ensemble.Done > 0);
            }
            catch (InvariantViolatedException alarm)
            {
                alarms.Add($"seed {seed}: {alarm.Message}");
            }

            output.WriteLine($"{seed}: {ensemble.Requests} requests {ensemble.Answers} answers {ensemble.Done} done {ensemble.Events} events {ensemble.Expired} expired {ensemble.Installs} installs");
        }

        Assert.True(alarms.Count == 0, string.Join("\n", alarms));
    }
}
