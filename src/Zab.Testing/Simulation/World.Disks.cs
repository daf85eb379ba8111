using Zab.Core;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Testing.Simulation.Disks;

namespace Zab.Testing.Simulation;

/// <content>The log of each server: one batch at a time, written, then flushed (as a host's log thread
/// does).</content>
internal sealed partial class World
{
    private const int ChunkBytes = 16 * 1024;

    /// <summary>A disk that hung goes on.</summary>
    public void ResumeDisk(SimulatedServer server)
    {
        server.IsDiskHung = false;
        if (server.Replica is not null && server.IsLogBusy)
        {
            PlanLogDone(server);
        }
    }

    /// <summary>Begins the next work of the log, if it is idle.</summary>
    private void StartLog(SimulatedServer server)
    {
        while (server is { IsLogBusy: false, Replica: not null } && server.LogWork.TryPeek(out var first))
        {
            int life = server.Life;
            Guard(server, isSnapshot: first.Records is null, () => Begin(server, first));
            if (server.Life != life)
            {
                return;
            }
        }
    }

    private void Begin(SimulatedServer server, SimulatedServer.LogWorkItem first)
    {
        _ = server.LogWork.Dequeue();
        if (first.Snapshot is { } job)
        {
            server.Snapshot = (job, server.Store!.CreateSnapshot(job.Position));
            PlanSnapshotStep(server);
            return;
        }

        if (first.Records is null)
        {
            OnPurge?.Invoke(server);
            server.Store!.Purge();
            return;
        }

        List<LogRecord> batch = [.. first.Records];
        server.BatchEnd = first.RecordsAfter;
        while (server.LogWork.TryPeek(out SimulatedServer.LogWorkItem next) && next.Records is { } more)
        {
            _ = server.LogWork.Dequeue();
            batch.AddRange(more);
            server.BatchEnd = next.RecordsAfter;
        }

        server.Reserve.OnWritten(batch);
        server.Store!.Append(batch);
        server.IsLogBusy = true;
        PlanLogDone(server);
    }

    private void PlanLogDone(SimulatedServer server)
    {
        if (!server.IsDiskHung)
        {
            _events.Add(
                NowUs + Between(server.FlushUs),
                new SimulatedEvent(EventKind.LogDone, server.Id.Value, server.Life));
        }
    }

    private void OnLogDone(SimulatedServer server)
    {
        if (server.IsDiskHung || !server.IsLogBusy)
        {
            return; // it is asked again when the disk goes on
        }

        int life = server.Life;
        Guard(server, isSnapshot: false, server.Store!.Flush);
        if (server.Life != life)
        {
            return;
        }

        server.IsLogBusy = false;
        server.Persisted = server.BatchEnd;
        Trace.Persisted(NowUs, server);
        Ghost.OnPersisted(server.Id, server.Persisted);
        if (server.IsPaused)
        {
            return;
        }

        TakeDiskProgress(server);
        StartLog(server);
    }

    /// <summary>Messages that waited for the disk leave, and the replica learns how far it has
    /// come.</summary>
    private void TakeDiskProgress(SimulatedServer server)
    {
        while (server.Waiting.TryPeek(out (long RecordsAfter, Envelope Envelope) first)
            && first.RecordsAfter <= server.Persisted)
        {
            _ = server.Waiting.Dequeue();
            Send(server, first.Envelope, first.RecordsAfter);
        }

        Replica replica = BeginTurn(server);
        replica.OnPersisted(server.Persisted);
        EndTurn(server);
    }

    private void PlanSnapshotStep(SimulatedServer server) =>
        _events.Add(
            NowUs + Between(server.FlushUs),
            new SimulatedEvent(EventKind.SnapshotStep, server.Id.Value, server.Life));

    /// <summary>Writes a snapshot, then, at a later time, publishes it.</summary>
    private void OnSnapshotStep(SimulatedServer server)
    {
        if (server.Snapshot is not { } snapshot)
        {
            return;
        }

        int life = server.Life;
        Guard(server, isSnapshot: true, () => WriteAndPublish(server, snapshot.Job, snapshot.Writer));
        if (server.Life != life || server.Snapshot is null)
        {
            return;
        }

        Ghost.OnSnapshotWritten(server.Id, snapshot.Job.Position, snapshot.Job.State);
        server.Reserve.OnSaved(snapshot.Job.Position);
        server.Snapshot = null;
        server.IsSnapshotWanted = false;
        Trace.Note(NowUs, server, "saved a snapshot");
        server.LogWork.Enqueue(default);
        BeginTurn(server).OnSnapshotSaved(snapshot.Job.Position);
        EndTurn(server);
    }

    private static void WriteAndPublish(SimulatedServer server, SnapshotJob job, ISnapshotWriter writer)
    {
        Invariant.Holds(server.Snapshot is not null);
        using (writer)
        {
            foreach (ReadOnlyMemory<byte> chunk in job.State.ToChunks(ChunkBytes))
            {
                writer.Write(chunk.Span);
            }

            writer.Publish();
        }
    }

    /// <summary>Does something with a disk: a machine may lose its power in it, a process end of an
    /// error.</summary>
    private void Guard(SimulatedServer server, bool isSnapshot, Action work)
    {
        try
        {
            work();
        }
        catch (PowerLossException)
        {
            LosePower(server);
        }
        catch (IOException) when (isSnapshot)
        {
            // Final for the snapshot only (D11): the log has all of it. A purge is tried again later.
            server.Snapshot = null;
            if (server.IsSnapshotWanted)
            {
                server.IsSnapshotWanted = false;
                BeginTurn(server).OnSnapshotFailed();
                EndTurn(server);
            }
        }
        catch (IOException e)
        {
            Trace.Note(NowUs, server, $"log fails: {e.Message}");
            Ghost.OnLogFailed(server.Id);
            Kill(server);
        }
    }
}
