using Zab.Core.Ports;
using Zab.Testing.Scripts;

namespace Zab.Core.Tests.Election;

/// <summary>The best candidate votes, and is heard; but nobody who follows it hears more of it (N5,
/// R26).</summary>
public sealed class UnansweringLeaderTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(25)]
    [InlineData(35)]
    public void The_others_elect_one_of_themselves_though_they_gave_it_up_at_different_times(int apart)
    {
        Cluster cluster = new(3, 0);
        foreach (ScriptedServer server in cluster.Servers)
        {
            server.StallTicks = 10;
        }

        cluster.Start(1, 3);
        Pass(cluster, apart);
        cluster.Start(2);
        Pass(cluster, 1_500);

        Assert.Equal(2, cluster.Leader?.Id.Value);
    }

    private static void Pass(Cluster cluster, int ticks)
    {
        for (int tick = 0; tick < ticks; tick++)
        {
            cluster.TickAll(1);
            for (int round = 0; round < 12; round++)
            {
                for (int id = 1; id <= 3; id++)
                {
                    Lose(cluster);
                    cluster.Deliver(id, from: null, 1);
                    if (cluster[id].Replica is not null)
                    {
                        cluster.Persist(id);
                    }
                }
            }
        }
    }

    private static void Lose(Cluster cluster)
    {
        for (int choice = 0; choice < 12; choice++)
        {
            if (cluster.AnyWire(choice) is { SenderLink.Kind: LinkKind.Quorum } wire
                && (wire.SenderLink.Peer.Value == 3 || wire.ReceiverLink.Peer.Value == 3))
            {
                wire.UnderWay.Clear();
            }
        }
    }
}
