using Zab.Core.Primitives;
using Zab.Core.Quorum;
using Zab.Testing.Simulation.Checks;

namespace Zab.Testing.Simulation.Faults;

/// <summary>Says whether a server's disk may be lost now: no fault takes the last copies that the protocol
/// rests on.</summary>
/// <remarks>Idea: the fault atlas of TigerBeetle's simulator.</remarks>
internal sealed class DamageBudget(World world)
{
    /// <summary>Whether the ensemble keeps everything committed in each quorum without the server's
    /// disk.</summary>
    public bool MayLose(SimulatedServer server) =>
        !world.Verifier.IsVoter(server.Id)
        || EveryQuorumHas(other => other != server.Id && Holds(world.Ghost[other]));

    /// <summary>Whether the server may come back with an older disk: besides, its promises must be those of
    /// others too.</summary>
    public bool MayRestore(SimulatedServer server)
    {
        int promised = world.Ghost[server.Id].Appended.Epochs.Accepted;
        return MayLose(server) && EveryQuorumHas(
            other => other != server.Id && world.Ghost[other].Durable.Epochs.Accepted >= promised);
    }

    private bool Holds(GhostServer server)
    {
        LogPosition last = world.Ghost.Committed.Last;
        return server.Durable.Epochs.Current > 0 && server.Durable.Epochs.Current >= world.Ghost.NewestEpoch
            && server.Durable.Head.Zxid >= last.Zxid && server.Durable.Contains(last);
    }

    /// <summary>Whether no quorum can be formed without one of those servers.</summary>
    private bool EveryQuorumHas(Func<ServerId, bool> has)
    {
        ServerSet without = default;
        foreach (ServerId voter in world.Verifier.Voters.InOrder())
        {
            if (!has(voter))
            {
                without.Add(voter);
            }
        }

        return !world.Verifier.IsQuorum(without);
    }
}
