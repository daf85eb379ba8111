using Zab.Core.Primitives;
using Zab.Testing.Simulation;

namespace Zab.Core.Tests.Simulation;

/// <summary>Servers that do nothing wrong raise no alarm, whatever the schedule.</summary>
public sealed class HonestRunTests
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
    public void Honest_servers_raise_no_alarm(int servers, bool withFaults, bool isPipelined)
    {
        List<string> alarms = [];
        int events = 0;
        int done = 0;
        for (int seed = 1; seed <= s_seeds; seed++)
        {
            HonestEnsemble ensemble = new((ulong)seed, servers) { IsPipelined = isPipelined };
            try
            {
                ensemble.Run(requests: 1_500, withFaults);
                ensemble.End();
            }
            catch (ViolationException alarm)
            {
                alarms.Add($"seed {seed}: {alarm.Message}");
            }

            Assert.True(ensemble.Done > 0, $"seed {seed} does nothing");
            events += ensemble.Events;
            done += ensemble.Done;
        }

        Assert.True(alarms.Count == 0, string.Join("\n", alarms));
        Assert.True(events > 0 && done > 0);
    }

    [Fact]
    public void Sessions_of_stopped_servers_expire_and_snapshots_are_installed_somewhere()
    {
        int installs = 0;
        for (int seed = 1; seed <= 40 && installs == 0; seed++)
        {
            HonestEnsemble ensemble = new((ulong)seed, servers: 3);
            ensemble.Run(requests: 1_000, withFaults: true);
            ensemble.End();
            installs += ensemble.Installs;
            Assert.Contains(ensemble.Checks.Model.Sessions, session => session.ClosedAt != Zxid.None);
        }

        Assert.True(installs > 0, "no schedule brings a snapshot to a server");
    }
}
