using Zab.Core.Ports;
using Zab.Storage.Format;
using Zab.Testing.Simulation.Disks;

namespace Zab.Testing.Simulation.Faults;

/// <content>The schedules of the disks.</content>
internal sealed partial class FaultPlan
{
    private static readonly string[] s_failing =
        ["flush log", "flush log", "write log", "allocate log", "write snapshot", "flush snapshot", "rename",
            "flush-directory", "delete"];

    private static readonly string[] s_interrupted =
        ["delete log", "delete snapshot", "rename snapshot", "rename log", "rename incoming", "allocate",
            "create"];

    /// <summary>The disks of one server, or of several after one another, fail in some way.</summary>
    private IEnumerable<long> BadDisks()
    {
        for (int i = 1 + _prng.Below(3); i > 0; i--)
        {
            SimulatedServer server = _prng.OneIn(3) ? _world.Leader ?? Any() : Any();
            foreach (long wait in BadDisk(server, _prng.Below(10)))
            {
                yield return wait;
            }
        }
    }

    private IEnumerable<long> BadDisk(SimulatedServer server, int kind)
    {
        switch (kind)
        {
            case 0:
                server.Disk.ErrorIn = s_failing[_prng.Below(s_failing.Length)];
                break;
            case 1:
                server.Disk.ErrorAt = server.Disk.Operations + 1 + _prng.Below(30);
                break;
            case 2:
                server.Disk.CapacityBytes = server.Disk.UsedBytes + _prng.Below(20_000);
                break;
            case 3:
                server.IsDiskHung = true;
                break;
            case 4:
            case 5:
                return Damage(server);
            case 6:
                return Lose(server);
            case 7:
                return BringBack(server);
            case 8:
                server.Disk.PowerLossIn = s_interrupted[_prng.Below(s_interrupted.Length)];
                server.Disk.PowerLossSkips = _prng.Below(2);
                break;
            default:
                server.Disk.PowerLossAt = server.Disk.Operations + 1 + _prng.Below(60);
                break;
        }

        return Afterwards(server);
    }

    private IEnumerable<long> Afterwards(SimulatedServer server)
    {
        yield return Ms(200, 6_000);
        MendServer(server);
        yield return Ms(0, 2_000);
        StartIfDown(server);
        yield return Ms(0, 2_000);
    }

    /// <summary>Bits flip on the disk of a server that is down: it may refuse the disk, and then gets an
    /// empty one; it may not forget (S24).</summary>
    private IEnumerable<long> Damage(SimulatedServer server)
    {
        Crash(server);
        yield return Ms(0, 500);
        if (server.Replica is not null || !_budget.MayRestore(server))
        {
            yield break; // another server needs this one's disk
        }

        if (_prng.OneIn(4))
        {
            LoseLog(server);
        }
        else if (_prng.OneIn(3))
        {
            DamageSnapshots(server);
        }
        else if (_prng.OneIn(4))
        {
            DamageOldLog(server);
        }
        else
        {
            FlipBits(server);
        }

        StartIfDown(server);
        yield return Ms(200, 3_000);
        StartIfDown(server);
        yield return Ms(0, 2_000);
    }

    /// <summary>The power may fail between two removals of one purge, which must leave a log without a hole
    /// (R2, ZB-44).</summary>
    private void StrikePurge(SimulatedServer server)
    {
        if (_prng.OneIn(4))
        {
            (server.Disk.PowerLossIn, server.Disk.PowerLossSkips) = ("delete log", 1 + _prng.Below(2));
        }
    }

    /// <summary>Bits flip anywhere.</summary>
    private void FlipBits(SimulatedServer server)
    {
        IReadOnlyList<string> files = server.Disk.List();
        for (int flips = 1 + _prng.Below(3); flips > 0 && files.Count > 0; flips--)
        {
            string name = files[_prng.Below(files.Count)];
            int length = server.Disk.MediumLength(name);
            if (length > 0)
            {
                // Most of a file is zeros that were never written: half of the flips go near its beginning.
                int offset = _prng.Below(_prng.OneIn(2) ? Math.Min(length, 5_000) : length);
                server.Disk.FlipBit(name, offset, _prng.Below(8));
                server.IsDiskDamaged = true;
            }
        }
    }

    /// <summary>The newest snapshot is not what it was: with another way back it is no reason to refuse the
    /// disk (D7).</summary>
    private void DamageSnapshots(SimulatedServer server)
    {
        SimulatedDisk disk = server.Disk;
        if (disk.List().LastOrDefault(name => FileNames.TryParseSnapshot(name, out _)) is not { } newest)
        {
            return;
        }

        int length = disk.MediumLength(newest);
        switch (_prng.Below(4))
        {
            case 0:
                disk.TruncateFile(newest, 0);
                break;
            case 1:
                disk.TruncateFile(newest, _prng.Below(length + 1));
                break;
            case 2 when length > 0:
                int start = _prng.Below(length);
                disk.ZeroRange(newest, start, 1 + _prng.Below(length - start));
                break;
            case 3 when length > 0:
                disk.FlipBit(newest, _prng.Below(length), _prng.Below(8));
                break;
            default:
                break;
        }

        server.Reserve.OnDamaged();
        server.IsDiskDamaged |= server.Reserve.Ways == 0;
    }

    /// <summary>All of the log is gone: the snapshots show that there was one, so the server must not begin
    /// another and forget what it said (R16, ZB-48).</summary>
    private static void LoseLog(SimulatedServer server)
    {
        IReadOnlyList<string> files = server.Disk.List();
        if (!files.Any(name => FileNames.TryParseSnapshot(name, out _)))
        {
            return;
        }

        server.IsDiskDamaged = true;
        foreach (string name in files.Where(name => FileNames.TryParseSegment(name, out _)))
        {
            server.Disk.Remove(name);
        }
    }

    /// <summary>A file of the log that is not the newest is lost, or a part of it zeroed (D4, D18).</summary>
    private void DamageOldLog(SimulatedServer server)
    {
        List<string> logs = [.. server.Disk.List().Where(name => FileNames.TryParseSegment(name, out _))];
        if (logs.Count < 2)
        {
            return;
        }

        string name = logs[_prng.Below(logs.Count - 1)];
        int length = server.Disk.MediumLength(name);
        server.IsDiskDamaged = true;
        if (_prng.OneIn(2))
        {
            server.Disk.Remove(name);
        }
        else
        {
            int start = _prng.Below(length);
            server.Disk.ZeroRange(name, start, 1 + _prng.Below(int.Min(2_000, length - start)));
        }
    }

    /// <summary>A server comes back with an empty disk (R17).</summary>
    private IEnumerable<long> Lose(SimulatedServer server)
    {
        if (!_budget.MayLose(server))
        {
            yield break;
        }

        Crash(server);
        yield return Ms(0, 1_000);
        if (server.Replica is null && _budget.MayLose(server))
        {
            _world.Wipe(server);
            yield return Ms(0, 1_000);
            StartIfDown(server);
        }

        yield return Ms(500, 3_000);
    }

    /// <summary>A server comes back with a copy of its disk that was made earlier (D22).</summary>
    private IEnumerable<long> BringBack(SimulatedServer server)
    {
        if (server.Replica is null || !_world.Verifier.IsVoter(server.Id))
        {
            yield break;
        }

        SimulatedDisk copy = server.Disk.Snapshot(PowerLoss.LosesAll, _prng);
        Checks.LogAccount account = _world.Ghost[server.Id].Durable.Copy();
        LogRecord[] pending = [.. _world.Ghost[server.Id].Pending];
        yield return Ms(100, 5_000);
        Crash(server);
        yield return Ms(0, 1_000);
        if (server.Replica is null && _budget.MayRestore(server))
        {
            _world.Restore(server, copy, account, pending);
        }

        StartIfDown(server);
        yield return Ms(200, 3_000);
    }

    /// <summary>Leaders come and go while the disks are seconds behind.</summary>
    private IEnumerable<long> SlowDisks()
    {
        foreach (SimulatedServer server in _world.Servers)
        {
            if (_prng.OneIn(2))
            {
                server.FlushUs = (10_000, 100_000 + (_prng.Below(30) * 100_000L));
            }
        }

        for (int i = 1 + _prng.Below(4); i > 0; i--)
        {
            yield return Ms(100, 2_000);
            if (_world.Leader is not { } leader)
            {
                continue;
            }

            _clients.WriteNow(leader, 1 + _prng.Below(3));
            yield return Ms(0, 20);
            switch (_prng.Below(3))
            {
                case 0:
                    Crash(leader);
                    break;
                case 1:
                    Isolate(leader, noticed: true);
                    break;
                default:
                    _world.BreakAll(leader, AnyBut(leader), "the link was reset");
                    break;
            }

            yield return Ms(100, 3_000);
            Rejoin(leader);
            StartIfDown(leader);
        }

        foreach (SimulatedServer server in _world.Servers)
        {
            server.FlushUs = _world.Settings.FlushUs;
        }
    }
}
