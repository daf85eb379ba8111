namespace Zab.Core.Tests.Conformance.Model;

/// <summary>Random requests of several sessions through a whole replica, against <see cref="PlainServer"/>:
/// every answer, every event, and from time to time every node.</summary>
public sealed class ModelTests
{
    private const int SeedsPerCase = 5;
    private const int StepsPerSeed = 2_500;

    [Theory]
    [InlineData(1)]
    [InlineData(101)]
    [InlineData(201)]
    [InlineData(301)]
    [InlineData(401)]
    [InlineData(501)]
    [InlineData(601)]
    [InlineData(701)]
    [InlineData(801)]
    [InlineData(901)]
    public void A_replica_does_what_the_plainest_server_does(int firstSeed)
    {
        for (int seed = firstSeed; seed < firstSeed + SeedsPerCase; seed++)
        {
            ModelRun run = new(seed);
            try
            {
                run.Run(StepsPerSeed);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException(
                    $"Seed {seed}, step {run.Step}, {run.Doing}: {failure.Message}", failure);
            }
        }
    }

    [Fact]
    public void Every_operation_succeeds_often_and_fails_in_many_ways()
    {
        Dictionary<string, int> outcomes = [];
        for (int seed = 2_000; seed < 2_004; seed++)
        {
            ModelRun run = new(seed);
            run.Run(StepsPerSeed);
            foreach ((string outcome, int count) in run.Outcomes)
            {
                outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + count;
            }
        }

        foreach (string outcome in (string[])
            [
                "Create2 Ok", "Create2 NodeExists", "Create2 NoNode", "Create2 NoAuth", "Create2 InvalidAcl",
                "Create2 BadArguments", "Create2 NoChildrenForEphemerals", "Create2 QuotaExceeded",
                "Create2 SessionExpired", "Delete Ok", "Delete NotEmpty", "Delete BadVersion", "Delete NoAuth",
                "Delete BadArguments", "SetData Ok", "SetData BadVersion", "SetData NoAuth", "SetData QuotaExceeded",
                "SetAcl Ok", "SetAcl InvalidAcl", "SetAcl BadVersion", "SetAcl NoAuth", "Multi Ok", "Multi NoNode",
                "Multi BadVersion", "Multi MarshallingError", "MultiRead Ok", "MultiRead MarshallingError",
                "GetData Ok", "GetData NoAuth", "GetChildren2 Ok", "GetAcl Ok", "Exists NoNode", "Exists NoAuth",
                "GetAllChildrenNumber Ok", "GetEphemerals Ok", "AddWatch Ok", "AddWatch BadArguments",
                "RemoveWatches Ok", "RemoveWatches NoWatcher", "CheckWatches Ok", "SetWatches2 Ok", "Auth Ok",
                "WhoAmI Ok", "Sync Ok", "CreateSession Ok", "CloseSession Ok", "MoveSession Ok",
                "MoveSession AuthFailed", "MoveSession SessionExpired", "again Ok", "again RuntimeInconsistency",
                "event NodeCreated", "event NodeDeleted", "event NodeDataChanged", "event NodeChildrenChanged",
                "swept", "expired",
            ])
        {
            Assert.True(outcomes.GetValueOrDefault(outcome) >= 5, $"{outcome}: {outcomes.GetValueOrDefault(outcome)}");
        }
    }
}
