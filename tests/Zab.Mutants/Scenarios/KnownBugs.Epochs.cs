using Zab.Testing.Simulation;

namespace Zab.Mutants.Scenarios;

/// <content>Section 2.A: epochs and discovery; and a few of others as models.</content>
internal static partial class KnownBugs
{
    private static void AddEpochs()
    {
        s_scenarios.Add("ZB-49", AckBeforeTheLeadersOwnDisk);
    }

    /// <summary>One server alone: the write is acknowledged only when its own disk has it.</summary>
    private static void AckBeforeTheLeadersOwnDisk()
    {
        Scenario s = new(voters: 1);
        s.StartAll();
        SimulatedServer only = s.Leader;
        _ = s.Write(only, "/before");
        only.FlushUs = (50_000, 50_000);
        _ = s.Create(only, "/a");
        s.Run(10);
        s.Crash(only);
        s.Finish();
    }
}
