using Zab.Core.Messages;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Core.Recovery;
using Zab.Storage;
using Zab.Testing.Simulation.Checks;
using Zab.Testing.Simulation.Disks;

namespace Zab.Testing.Simulation;

/// <content>What does not belong here: nonsense on a link, a second process, a stranger's disk.</content>
internal sealed partial class World
{
    /// <summary>The last thing that a dying peer or a stranger says on a link is nonsense, in a frame that is
    /// sound (ZB-54, ZB-56).</summary>
    public void EndWithNonsense(SimulatedLink.Wire wire, in Message nonsense)
    {
        Trace.Note(NowUs, wire.From, $"says nonsense to {wire.To.Id}: a {nonsense.Type}");
        Ghost.ForgiveViolationOf(wire.ReceiverLink);
        wire.EndsInNonsense = true;
        Put(wire, nonsense);
        EndWire(wire, "the peer died", isReset: false);
        EndWire(wire.Opposite, "it said nonsense", isReset: true);
    }

    /// <summary>A second process wants a server's directory: it must be refused (ZB-72).</summary>
    public void StartTwice(SimulatedServer server)
    {
        if (server.Replica is null)
        {
            return;
        }

        Trace.Note(NowUs, server, "is started a second time");
        Rule.Holds(
            IsRefused(server.Disk, IdentityOf(server)),
            $"R13: a second process uses the directory of server {server.Id}");
    }

    /// <summary>A server is started on another's disk, or for another ensemble on its own: both must be
    /// refused (ZB-73, P9).</summary>
    public void StartOnAlienDisk(SimulatedServer server, SimulatedServer other)
    {
        SimulatedDisk copy = other.Disk.Snapshot(PowerLoss.LosesAll, new Prng(_prng.Next()));
        if (other.IsDiskDamaged || other.IsRefused || copy.List().Count == 0)
        {
            return;
        }

        Trace.Note(NowUs, server, $"is given the disk of {other.Id}");
        LogIdentity identity =
            server == other ? IdentityOf(server) with { EnsembleId = "another" } : IdentityOf(server);
        Rule.Holds(
            IsRefused(copy, identity),
            $"R17: server {server.Id} of '{identity.EnsembleId}' takes over the disk of server {other.Id}");
    }

    /// <summary>A server keeps its window, eight of them for a learner, and beyond these entries of as many
    /// bytes as a learner has received of its snapshot (L7, R19).</summary>
    public void CheckWindow(SimulatedServer server)
    {
        History history = server.Replica!.Log.History;
        long held = history.EndIndex - history.FirstIndex;
        long windows = (9L * _settings.HistoryEntriesMax) + _settings.Roles.InFlightEntriesMax;
        long beyond = history.BytesBefore(history.EndIndex - long.Min(held, windows))
            - history.BytesBefore(history.FirstIndex);
        long received = 0;
        foreach (SimulatedLink link in _links)
        {
            foreach (SimulatedLink.Wire wire in (SimulatedLink.Wire[])[link.AtoB, link.BtoA])
            {
                received = wire.From == server ? long.Max(received, wire.SnapshotBytes) : received;
            }
        }

        Rule.Holds(
            beyond <= received,
            $"L7: server {server.Id} holds {held} entries, {beyond} bytes too many for {received} received");
    }

    /// <summary>What is under way to one learner, and its requests to the leader, stay within the limits
    /// (R19, ZB-58).</summary>
    /// <remarks>Nonsense may be a PROPOSAL, which no leader sent: a wire that ends in it is not looked at any
    /// more. What was sent on it before was, each time.</remarks>
    private void CheckUnderWay(SimulatedLink.Wire wire)
    {
        if (wire.EndsInNonsense
            || (wire.UnderWay.Count <= _settings.Roles.InFlightEntriesMax
                && _settings.Roles.InFlightBytesMax > 1_000_000))
        {
            return;
        }

        (int entries, long bytes, int last) = (0, 0, 0);
        foreach ((_, Message? message) in wire.UnderWay)
        {
            if (message is
                {
                    Type: MessageType.Proposal or MessageType.Inform or MessageType.Request,
                    Body: { } body,
                })
            {
                entries++;
                last = body.Length;
                bytes += last;
            }
        }

        Rule.Holds(
            entries <= _settings.Roles.InFlightEntriesMax && bytes - last < _settings.Roles.InFlightBytesMax,
            $"L7: {entries} entries or requests of {bytes} bytes are under way from {wire.From.Id} to "
            + $"{wire.To.Id}");
    }

    private static bool IsRefused(SimulatedDisk disk, LogIdentity identity)
    {
        using FileLogStore store = NewStore(disk);
        try
        {
            _ = store.Open(identity);
            return false;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or PowerLossException)
        {
            return true;
        }
    }
}
