using System;
using System.Collections.Generic;
using System.Linq;
using Zab.Core.Messages;
using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Storage.Format;
using Zab.Testing.Simulation;

namespace Zab.Mutants.Scenarios;

/// <content>Section 2.D, and snapshots on disks.</content>
internal static partial class KnownBugs
{
    private static void AddDisks()
    {
        s_scenarios.Add("ZB-37a", ADamagedSnapshotIsCounted);
        s_scenarios.Add("ZB-37b", () => ANewestSnapshotIsBad(empty: false));
        s_scenarios.Add("ZB-38a", () => ANewestSnapshotIsBad(empty: true));
        s_scenarios.Add("ZB-38b", PowerIsLostAtEachOperation);
        s_scenarios.Add("ZB-38c", PowerIsLostBehindAPurge);
        s_scenarios.Add("ZB-43a", AFileOfTheLogIsMissing);
        s_scenarios.Add("ZB-43b", PowerIsLostBehindARoll);
        s_scenarios.Add("ZB-44a", () => APurgeIsInterrupted(at: 1));
        s_scenarios.Add("ZB-44b", () => APurgeIsInterrupted(at: 3));
        s_scenarios.Add("ZB-45", ATruncationFails);
        s_scenarios.Add("ZB-46", ALeadersDiskHangs);
        s_scenarios.Add("ZB-47a", AFlushFailsOnce);
        s_scenarios.Add("ZB-47b", AProcessRestartsBehindAFailedFlush);
        s_scenarios.Add("ZB-48a", ABitFlipsInOneLog);
        s_scenarios.Add("ZB-48b", ALogIsGoneAndSnapshotsAreLeft);
    }

    /// <summary>The newest snapshot is damaged, another is taken, and the disk is purged; then that one is
    /// damaged too. There must still be a good one, and the log behind it.</summary>
    private static void ADamagedSnapshotIsCounted()
    {
        (Scenario s, SimulatedServer only) = OneServer(snapshotEvery: 8);
        WriteBig(s, only, "/a", 20);
        for (int i = 0; i < 2; i++)
        {
            s.Crash(only);
            FlipMiddle(only, SnapshotsOf(only)[^1]);
            s.Start(only);
            s.RunUntilServing(only);
            SnapshotOnce(s, only, $"/b{i}");
        }

        s.Finish();
    }

    /// <summary>The newest snapshot is damaged, or empty: the one before, and the log behind it, lead to the
    /// same state.</summary>
    private static void ANewestSnapshotIsBad(bool empty)
    {
        (Scenario s, SimulatedServer only) = OneServer(snapshotEvery: 8);
        WriteBig(s, only, "/a", 20);
        s.Crash(only);
        if (empty)
        {
            only.Disk.TruncateFile(SnapshotsOf(only)[^1], 0);
        }
        else
        {
            FlipMiddle(only, SnapshotsOf(only)[^1]);
        }

        s.Finish();
    }

    /// <summary>The power is lost at one operation of the disk after the other: the server comes back from each
    /// of them.</summary>
    private static void PowerIsLostAtEachOperation()
    {
        (Scenario s, SimulatedServer only) = OneServer(snapshotEvery: 4);
        for (int i = 0; i < 60; i++)
        {
            s.Start(only);
            s.RunUntilServing(only);
            _ = s.Write(only, $"/small{i}");
            only.Disk.PowerLossAt = only.Disk.Operations + 1 + (i % 12);
            for (int k = 0; k < 4 && only.Replica is not null; k++)
            {
                _ = AskBig(s, only, $"/n{i}.{k}");
                s.Run(10);
            }

            only.Disk.PowerLossAt = 0;
        }

        s.Finish();
    }

    /// <summary>Snapshots were taken, and the log before them purged. The power is lost.</summary>
    private static void PowerIsLostBehindAPurge()
    {
        (Scenario s, SimulatedServer only) = OneServer(snapshotEvery: 2);
        WriteBig(s, only, "/a", 20);
        s.Crash(only);
        s.Finish();
    }

    /// <summary>The log has gone on in another file when the power is lost.</summary>
    private static void PowerIsLostBehindARoll()
    {
        (Scenario s, SimulatedServer only) = OneServer(snapshotEvery: 1_000);
        WriteBig(s, only, "/a", 6);
        s.Crash(only);
        s.Finish();
    }

    /// <summary>A file in the middle of a follower's log is deleted. It must not serve what is left.</summary>
    private static void AFileOfTheLogIsMissing()
    {
        Scenario s = new(voters: 3);
        s.StartAll();
        WriteBig(s, s.Leader, "/a", 16);
        SimulatedServer server = s.But(s.Leader)[0];
        s.Crash(server);
        server.Disk.Remove(FileNames.Segment(2));
        StartDamaged(s, server);
    }

    /// <summary>A purge has several files to delete, and ends in the middle. Whatever a loss of power leaves
    /// then is a log without a hole.</summary>
    private static void APurgeIsInterrupted(int at)
    {
        (Scenario s, SimulatedServer only) = OneServer(snapshotEvery: 24);
        only.Disk.ErrorIn = $"delete {FileNames.Segment(at)}";
        string oldest = FileNames.Segment(1);
        for (int i = 0; i < 60; i++)
        {
            WriteBig(s, only, $"/n{i}.", 1);
            bool isPurged = !only.Disk.List().Contains(oldest);
            for (int look = 0; isPurged && look < 40; look++)
            {
                s.World.CheckShadow(only);
            }

            oldest = only.Disk.List().First(IsSegment);
        }

        s.Crash(only);
        s.Finish();
    }

    private static bool IsSegment(string name) => FileNames.TryParseSegment(name, out _);

    /// <summary>A leader that wrote alone comes back and is to cut its log. Its disk fails right then: it has
    /// nothing more to say.</summary>
    private static void ATruncationFails()
    {
        Scenario s = new(voters: 3);
        s.StartAll();
        SimulatedServer old = s.Leader;
        _ = s.Write(old, "/before");
        s.Isolate(old);
        _ = s.Create(old, "/alone");
        _ = s.RunUntilLeaderIsNot(old);
        _ = s.Write(s.Leader, "/new");
        s.AtMessage(MessageType.Trunc, 1, _ => old.Disk.ErrorAt = old.Disk.Operations + 1);
        s.Heal();
        s.Run(10_000);
        s.Finish();
    }

    /// <summary>The disk of the leader hangs. The others must get another leader.</summary>
    private static void ALeadersDiskHangs()
    {
        Scenario s = new(voters: 3);
        s.StartAll();
        SimulatedServer old = s.Leader;
        _ = s.Write(old, "/before");
        old.IsDiskHung = true;
        _ = s.Create(old, "/hangs");
        _ = s.RunUntilLeaderIsNot(old);
        s.Finish();
    }

    /// <summary>One flush of the leader's log fails; the next would say that all is well, and it would not
    /// be.</summary>
    private static void AFlushFailsOnce()
    {
        Scenario s = new(voters: 3);
        s.StartAll();
        SimulatedServer leader = s.Leader;
        _ = s.Write(leader, "/before");
        leader.Disk.ErrorAt = leader.Disk.Operations + 2;
        _ = s.Create(leader, "/a");
        s.Run(100);
        s.Finish();
    }

    /// <summary>A flush fails and ends the process; its successor reads from the page cache what is on no disk.
    /// Then the power is lost.</summary>
    private static void AProcessRestartsBehindAFailedFlush()
    {
        (Scenario s, SimulatedServer only) = OneServer(snapshotEvery: 1_000);
        _ = s.Write(only, "/before");
        only.Disk.RevertsOnFailedFlush = false;
        only.Disk.ErrorAt = only.Disk.Operations + 2;
        _ = s.Create(only, "/a");
        s.RunUntil(() => only.Replica is null);
        s.Start(only);
        s.RunUntilServing(only);
        s.Crash(only);
        s.Finish();
    }

    /// <summary>A bit flips in what one server has promised. It must not start as if it had never had
    /// it.</summary>
    private static void ABitFlipsInOneLog()
    {
        Scenario s = new(voters: 3);
        s.StartAll();
        s.WriteMany(s.Leader, "/a", 5);
        SimulatedServer server = s.But(s.Leader)[0];
        s.Crash(server);
        server.Disk.FlipBit(FileNames.Segment(1), FileHeader.Bytes + (2 * RecordHeader.Bytes), 3);
        StartDamaged(s, server);
    }

    /// <summary>The log of a server was deleted, and not its snapshots. It must not start as a new
    /// server.</summary>
    private static void ALogIsGoneAndSnapshotsAreLeft()
    {
        Scenario s = new(voters: 3, change: settings => settings with { SnapshotEvery = 2 });
        s.StartAll();
        s.WriteMany(s.Leader, "/a", 8);
        SimulatedServer server = s.But(s.Leader)[0];
        s.Run(50);
        s.Crash(server);
        foreach (string name in server.Disk.List().Where(IsSegment).ToList())
        {
            server.Disk.Remove(name);
        }

        StartDamaged(s, server);
    }

    private static (Scenario Scenario, SimulatedServer Only) OneServer(int snapshotEvery)
    {
        Scenario s = new(voters: 1, change: settings => settings with { SnapshotEvery = snapshotEvery });
        s.StartAll();
        return (s, s.Leader);
    }

    /// <summary>Starts a server with a damaged disk, which it may refuse: then it gets an empty one.</summary>
    private static void StartDamaged(Scenario s, SimulatedServer server)
    {
        server.IsDiskDamaged = true;
        s.Start(server);
        if (server.IsRefused)
        {
            s.World.Wipe(server);
        }

        s.Finish();
    }

    private static void FlipMiddle(SimulatedServer server, string file) =>
        server.Disk.FlipBit(file, server.Disk.MediumLength(file) / 2, 3);

    private static List<string> SnapshotsOf(SimulatedServer server) =>
        [.. server.Disk.List().Where(name => FileNames.TryParseSnapshot(name, out _))];

    /// <summary>Writes until there is one more snapshot.</summary>
    private static void SnapshotOnce(Scenario s, SimulatedServer server, string path)
    {
        string newest = SnapshotsOf(server)[^1];
        for (int i = 0; SnapshotsOf(server)[^1] == newest; i++)
        {
            _ = s.Write(server, $"{path}.{i}");
            s.Run(10);
        }
    }

    /// <summary>Creates large nodes, so that the log fills several files.</summary>
    private static void WriteBig(Scenario s, SimulatedServer server, string path, int count)
    {
        for (int i = 0; i < count; i++)
        {
            _ = s.Await(server, AskBig(s, server, $"{path}{i}"));
            s.Run(10);
        }
    }

    private static int AskBig(Scenario s, SimulatedServer server, string path) =>
        s.Ask(server, new ClientRequest { Op = OpCode.Create2, Path = path, Data = new byte[4_000] });
}
