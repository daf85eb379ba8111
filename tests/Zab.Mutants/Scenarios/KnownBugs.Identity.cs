using Zab.Testing.Simulation;

namespace Zab.Mutants.Scenarios;

/// <content>Section 2.G: identity, and operators.</content>
internal static partial class KnownBugs
{
    private static void AddIdentity()
    {
        s_scenarios.Add("ZB-70", LostDiskAmongTheLagging);
        s_scenarios.Add("ZB-72", SecondProcessOnADirectory);
        s_scenarios.Add("ZB-73a", DiskOfAnotherEnsemble);
        s_scenarios.Add("ZB-73b", DiskOfAnotherServer);
    }

    /// <summary>Two of three have a write. One of them loses its disk and comes back with the third, which
    /// never had it, while the other is down: the two must not elect one of themselves.</summary>
    private static void LostDiskAmongTheLagging()
    {
        Scenario s = new(voters: 3);
        s.StartAll();
        SimulatedServer leader = s.Leader;
        SimulatedServer lagging = s.But(leader)[0];
        SimulatedServer lost = s.But(leader)[1];
        s.Crash(lagging);
        _ = s.Write(leader, "/a");
        s.Crash(lost, leader);
        s.World.Wipe(lost);
        s.Start(lost, lagging);
        s.Run(5_000);
        s.Finish();
    }

    /// <summary>A second process is started on the directory of a server that runs.</summary>
    private static void SecondProcessOnADirectory()
    {
        Scenario s = new(voters: 1);
        s.StartAll();
        s.World.StartTwice(s[1]);
        s.Finish();
    }

    /// <summary>A server of one ensemble is started on a disk of another.</summary>
    private static void DiskOfAnotherEnsemble()
    {
        Scenario s = new(voters: 1);
        s.StartAll();
        s.World.StartOnAlienDisk(s[1], s[1]);
        s.Finish();
    }

    /// <summary>A server is started on the disk of another one.</summary>
    private static void DiskOfAnotherServer()
    {
        Scenario s = new(voters: 3);
        s.StartAll();
        s.World.StartOnAlienDisk(s[1], s[2]);
        s.Finish();
    }
}
