using Zab.Core.Messages;

namespace Zab.Testing.Simulation.Faults;

/// <content>The schedule of elections that end in nothing.</content>
internal sealed partial class FaultPlan
{
    /// <summary>Without its leader, the ensemble elects another. In the moment in which that one begins, or a
    /// voter begins to follow it, they lose each other; the old leader comes back, and is the better
    /// candidate. Then all is calm, so that the candidate can know that it waits in vain (R26).</summary>
    private IEnumerable<long> LostCandidates()
    {
        Mend();
        yield return Ms(500, 3_000);
        SimulatedServer better = _world.Leader ?? AnyVoter();
        _clients.WriteNow(better, _prng.Below(2));
        yield return Ms(0, 50);
        Crash(better);
        List<SimulatedServer> parted = [];
        ServerState moment = _prng.OneIn(2) ? ServerState.Leading : ServerState.Following;
        bool isReset = _prng.OneIn(4);
        _world.OnTurnEnded = (server, ready) =>
        {
            if (ready.Status.State == moment && !ready.Status.IsServing && server != better)
            {
                _world.OnTurnEnded = null;
                parted.Add(_world[ready.Status.Leader.Value]);
                Part(parted[0], isReset);
            }
        };
        for (int i = 0; i < 200 && parted.Count == 0; i++)
        {
            yield return Ms(5, 20);
        }

        _world.OnTurnEnded = null;
        StartIfDown(better);
        yield return Ms(100, 2_000);
        parted.ForEach(Rejoin);

        yield return Ms(3_000, 6_000);
    }

    /// <summary>A candidate and all others lose their links, for a moment or for longer.</summary>
    private void Part(SimulatedServer candidate, bool isReset)
    {
        if (!isReset)
        {
            Isolate(candidate, noticed: true);
            return;
        }

        foreach (SimulatedServer other in _world.Servers)
        {
            if (other != candidate)
            {
                _world.BreakAll(candidate, other, "the link was reset");
            }
        }
    }
}
