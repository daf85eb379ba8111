using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Sessions;
using Zab.Core.Tree;
using Zab.Testing.Simulation.Clients;

namespace Zab.Core.Tests.Simulation;

public sealed class WorkloadTests
{
    [Fact]
    public void The_same_seed_gives_the_same_requests()
    {
        Assert.Equal(Drawn(seed: 5), Drawn(seed: 5));
        Assert.NotEqual(Drawn(seed: 5), Drawn(seed: 6));
    }

    [Fact]
    public void The_profiles_together_ask_for_everything_that_exists()
    {
        HashSet<OpCode> operations = [];
        HashSet<CreateMode> modes = [];
        foreach (WorkloadProfile profile in WorkloadProfile.All)
        {
            Prng prng = new(1);
            Workload workload = new(profile);
            for (int i = 0; i < 1_000; i++)
            {
                ClientRequest request = workload.Draw(prng);
                operations.Add(request.Op);
                modes.Add(request.Mode);
            }
        }

        // Those are not the workload's.
        operations.UnionWith(
            [OpCode.CreateSession, OpCode.MoveSession, OpCode.CloseSession, OpCode.DeleteContainer]);
        Assert.Equal(Enum.GetValues<OpCode>().Order(), operations.Order());
        Assert.Equal(Enum.GetValues<CreateMode>(), modes.Order());
    }

    [Fact]
    public void Versioned_requests_expect_what_the_client_saw()
    {
        Prng prng = new(1);
        Workload workload = new(WorkloadProfile.All[0]);
        HashSet<int> versions = [];
        for (int i = 0; i < 1_000; i++)
        {
            ClientRequest request = workload.Draw(prng);
            workload.Note(request, new ClientReply { Path = request.Path, Stat = default(Stat) with { Version = 40 } });
            versions.Add(request.Op == OpCode.SetData ? request.Version : -1);
        }

        Assert.Equal([-1, 40, 41], versions.Order());
    }

    [Fact]
    public void A_model_can_begin_anywhere()
    {
        Zxid start = Zxid.Of(7, uint.MaxValue - 1);
        ClientChecks checks = new();
        checks.OnBase(start);
        TxnHeader header = new(new SessionId(5), 1, Zxid.Of(7, uint.MaxValue), 0, OpCode.CreateSession);
        checks.OnSubmitted(
            new ServerId(1), new ClientRequest { Op = OpCode.CreateSession, Session = header.Session, Cxid = 1 });
        TxnRecord record = new() { Type = OpCode.CreateSession, Number = 1_000, Data = new byte[SessionPassword.SecretBytes] };
        checks.OnCommitted(
            new LogPosition(header.Zxid, default), TxnRecords.Write(header, record, TxnTrailer.NotKept));

        Assert.True(checks.Model.IsOpen(header.Session, header.Zxid));
        Assert.False(checks.Model.IsOpen(header.Session, start));
        Assert.NotNull(checks.Model.NodeAt("/zookeeper/config", start));
    }

    private static List<string> Drawn(ulong seed)
    {
        Prng prng = new(seed);
        Workload workload = new(WorkloadProfile.Draw(prng));
        return [.. Enumerable.Range(0, 50).Select(_ => Convert.ToHexString(workload.Draw(prng).Encode().Span))];
    }
}
