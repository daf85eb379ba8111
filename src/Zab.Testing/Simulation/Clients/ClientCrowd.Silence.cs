using Zab.Testing.Simulation.Checks;

namespace Zab.Testing.Simulation.Clients;

/// <content>Clients at the other end of a connection: their sessions live while they are heard.</content>
internal sealed partial class ClientCrowd
{
    private const long SilenceMaxUs = 15_000_000;

    /// <summary>A remote client sends a ping, unless it is silent, or falls silent now: it hangs, or its
    /// connection is half open.</summary>
    private bool IsHeard(SimulatedClient client)
    {
        if (client.SilentUntilUs > _world.NowUs)
        {
            return false;
        }

        if (IsActive && _prng.OneIn(200))
        {
            client.SilentUntilUs = _world.NowUs + _world.Between((0, SilenceMaxUs));
            return false;
        }

        if (client.Server is { IsUp: true } server)
        {
            server.Replica!.Hear(client.Session);
        }

        return true;
    }

    /// <summary>Among healthy servers only the session of a client that was silent expires.</summary>
    private void CheckWasSilent(SimulatedClient client, SimulatedServer server)
    {
        bool isExcused = MustKeep?.Invoke(server) != true || !client.IsOpen
            || _world.NowUs - client.SilentUntilUs < SilenceMaxUs;
        Rule.Holds(
            isExcused, $"L4: {client.Session} expired at server {server.Id}, and its client was heard");
    }
}
