using Zab.Core;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Storage;
using Zab.Storage.Format;
using Zab.Testing.Simulation.Checks;
using Zab.Testing.Simulation.Disks;

namespace Zab.Testing.Simulation;

/// <content>How servers start, stand still, crash and come back.</content>
internal sealed partial class World
{
    /// <summary>Starts a server from what its disk holds.</summary>
    /// <returns>False when the store refuses the disk, as it may when faults have damaged it.</returns>
    public bool Start(SimulatedServer server)
    {
        Invariant.Holds(server.Replica is null);
        FileLogStore store = NewStore(server.Disk);
        LogRecovery recovery;
        List<LogRecord> records;
        try
        {
            recovery = store.Open(IdentityOf(server));
            records = [.. recovery.Records];
            recovery = recovery with { Records = records, SnapshotChunks = [.. recovery.SnapshotChunks] };
        }
        catch (PowerLossException)
        {
            store.Dispose();
            LosePower(server);
            return false;
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            store.Dispose();
            Rule.Holds(
                server.IsDiskDamaged,
                $"S24: server {server.Id} refuses a disk that has all it needs: {e.Message}");
            Trace.Note(NowUs, server, "refuses its disk");
            server.IsRefused = true;
            return false;
        }

        Ghost.OnStarted(server.Id, recovery, records, server.IsDiskDamaged);
        server.Store = store;
        server.Replica = new Replica(OptionsOf(server), recovery);
        Trace.Note(NowUs, server, "starts");
        Ghost.OnRecovered(server.Id, server.Replica);
        PlanTick(server);
        _ = BeginTurn(server);
        EndTurn(server);
        DialPeers(server);
        return true;
    }

    /// <summary>Ends a server without warning, and its machine with it: what was not flushed is lost, or some
    /// of it.</summary>
    public void LosePower(SimulatedServer server, PowerLoss? loss = null)
    {
        End(server, "loses power");
        server.Disk.Restart(loss ?? server.Loss ?? (PowerLoss)(1 + _prng.Below(4)), _prng);
    }

    /// <summary>Ends a server's process without warning; its machine goes on.</summary>
    public void Kill(SimulatedServer server)
    {
        End(server, "is killed");
        server.Disk.RestartProcess();
    }

    /// <summary>The server stands still: nothing that comes is looked at, no time passes for it.</summary>
    /// <param name="server">The server.</param>
    /// <param name="inTurn">Whether it does so in the middle of its next turn, between deciding and
    /// speaking.</param>
    public void Pause(SimulatedServer server, bool inTurn)
    {
        if (!server.IsUp)
        {
            return;
        }

        if (inTurn)
        {
            Replica replica = BeginTurn(server);
            Timeliness.OnTicks(server, 1);
            replica.Tick();
            Ready ready = replica.TakeReady();
            Trace.Turn(NowUs, server, ready);
            Ghost.OnTurn(server.Id, replica, ready);
            Timeliness.OnTurn(server, ready);
            server.HeldReady = ready;
        }

        server.IsPaused = true;
        server.PausedAtUs = NowUs;
        Trace.Note(NowUs, server, "stands still");
    }

    /// <summary>The server goes on: it sees first how long it stood still, then what came
    /// meanwhile.</summary>
    public void Resume(SimulatedServer server)
    {
        if (server.Replica is null || !server.IsPaused)
        {
            return;
        }

        server.IsPaused = false;
        Trace.Note(NowUs, server, "goes on");
        int life = server.Life;
        int ticks = server.Backlog.RemoveAll(missed => missed.Kind == EventKind.Tick);
        if (server.HeldReady is { } held)
        {
            server.HeldReady = null;
            CarryOut(server, held);
        }

        if (ticks > 0 && server.Life == life)
        {
            long stoodStillUs = NowUs - server.PausedAtUs;
            PlanTick(server);
            Tick(server, (int)Math.Clamp(stoodStillUs / server.TickUs, 1, _settings.OwedTicksMax));
        }

        if (server.Life == life)
        {
            TakeDiskProgress(server);
        }

        while (server.Life == life && !server.IsPaused && server.Backlog.Count > 0)
        {
            SimulatedEvent missed = server.Backlog[0];
            server.Backlog.RemoveAt(0);
            StepServer(server, missed);
        }

        foreach (SimulatedLink link in _links)
        {
            PlanDelivery(link.AtoB);
            PlanDelivery(link.BtoA);
        }
    }

    /// <summary>Where a session is over, nothing more is taken from its client: what it had sent while the
    /// server stood still is lost, as it is with its connection.</summary>
    private void DropUnseen(SimulatedServer server, Ready ready)
    {
        foreach (ClientOutput output in ready.ToClients)
        {
            if (!output.Expired && !output.Moved)
            {
                continue;
            }

            _ = server.Backlog.RemoveAll(missed =>
                missed is { Kind: EventKind.Ask, Subject: ClientRequest asked }
                && asked.Session == output.Session && !asked.Op.OpensSession
                && ClientChecks.TryDrop(server.Id, asked));
        }
    }

    /// <summary>Replaces the disk of a server that is down by an empty one.</summary>
    public void Wipe(SimulatedServer server)
    {
        Invariant.Holds(server.Replica is null);
        Trace.Note(NowUs, server, "gets an empty disk");
        GiveDisk(server, NewDisk());
        (server.IsRefused, server.IsDiskDamaged) = (false, false);
        Ghost.OnWiped(server.Id);
    }

    /// <summary>Replaces the disk of a server that is down by an older copy of it.</summary>
    public void Restore(
        SimulatedServer server, SimulatedDisk copy, LogAccount account, IEnumerable<LogRecord> pending)
    {
        Invariant.Holds(server.Replica is null);
        Trace.Note(NowUs, server, "gets an older copy of its disk");
        GiveDisk(server, copy);
        server.IsRefused = false; // what was damaged may be so in the copy
        Ghost.OnRestored(server.Id, account, pending);
    }

    /// <summary>What a loss of power now would leave must cover what the server has said (S19).</summary>
    public void CheckShadow(SimulatedServer server)
    {
        PowerLoss loss = (PowerLoss)(2 + _prng.Below(3));
        SimulatedDisk copy = server.Disk.Snapshot(loss, new Prng(_prng.Next()));
        if (server.Reserve.CanSpareOne)
        {
            DamageSnapshot(copy);
        }

        CheckShadow(server, copy);
    }

    /// <summary>What a server would find on a copy of its disk must cover what it has said (S19).</summary>
    public void CheckShadow(SimulatedServer server, SimulatedDisk copy)
    {
        using FileLogStore store = NewStore(copy);
        try
        {
            LogRecovery recovery = store.Open(IdentityOf(server));
            Ghost.CheckShadow(server.Id, recovery, [.. recovery.Records]);
        }
        catch (InvalidDataException e)
        {
            Rule.Holds(
                false, $"S19: server {server.Id} would refuse its disk after a loss of power: {e.Message}");
        }
    }

    /// <summary>Damages the newest snapshot, if there is any: there is another way back (D7).</summary>
    private void DamageSnapshot(SimulatedDisk disk)
    {
        if (disk.List().LastOrDefault(name => FileNames.TryParseSnapshot(name, out _)) is { } newest
            && disk.MediumLength(newest) > 0)
        {
            disk.FlipBit(newest, _prng.Below(disk.MediumLength(newest)), 0);
        }
    }

    private SimulatedDisk NewDisk()
    {
        ulong seed = _prng.Next();
        return new SimulatedDisk(seed) { RevertsOnFailedFlush = (seed & 1) == 1 };
    }

    /// <summary>Puts a disk into a server. Of every error in its log the checks learn from the disk itself,
    /// whatever the store makes of it (E17).</summary>
    private void GiveDisk(SimulatedServer server, SimulatedDisk disk)
    {
        server.Disk = disk;
        server.Reserve.Reset();
        disk.OnLogError = () => Ghost.OnLogFailed(server.Id);
    }

    private static FileLogStore NewStore(SimulatedDisk disk) =>
        new(
            new FileLogStoreOptions
            {
                Directory = disk.Directory,
                SegmentBytes = 16 * 1024,
                SnapshotsRetained = 2,
            },
            disk);

    private static LogIdentity IdentityOf(SimulatedServer server) => new("simulated", server.Id);

    /// <summary>Gives a new disk the history with which all servers begin.</summary>
    private void Format(SimulatedServer server)
    {
        if (_settings.Start == LogPosition.Start)
        {
            return;
        }

        using FileLogStore store = NewStore(server.Disk);
        _ = store.Open(IdentityOf(server)).Records.Count();
        DataState state = new(_settings.Start.Zxid, ZnodeTree.Initial, default, default);
        List<LogRecord> records =
            [LogRecord.EpochChange(_settings.StartEpochs), LogRecord.SnapshotBegin(_settings.Start)];
        records.AddRange(state.ToChunks(64 * 1024).Select(LogRecord.SnapshotChunk));
        records.Add(LogRecord.SnapshotInstall(_settings.Start));
        store.Append(records);
        store.Flush();
    }

    private void End(SimulatedServer server, string how)
    {
        Trace.Note(NowUs, server, how);
        bool wasRunning = server.Replica is not null;
        server.Clear();
        if (!wasRunning)
        {
            return;
        }

        Ghost.OnStopped(server.Id);
        EndLinks(server);
        OnServerEnded?.Invoke(server);
    }

    private ReplicaOptions OptionsOf(SimulatedServer server) => new()
    {
        Self = server.Id,
        Voters = _voters,
        Observers = _observers,
        TickMs = _settings.TickMs,
        SessionTimeoutMinMs = _settings.SessionTicks.Min * _settings.TickMs,
        SessionTimeoutMaxMs = _settings.SessionTicks.Max * _settings.TickMs,
        SnapshotEvery = _settings.SnapshotEvery,
        HistoryEntriesMax = _settings.HistoryEntriesMax,
        SnapshotChunkBytesMax = _settings.SnapshotChunkBytesMax,
        OutstandingMax = _settings.OutstandingMax,
        Rules = _settings.Rules,
        SweepTicks = _settings.SweepTicks,
        Seed = _prng.Next(),
        Roles = _settings.Roles,
    };
}
