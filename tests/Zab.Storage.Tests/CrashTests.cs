using Zab.Storage.Tests.Support;
using Zab.Testing.Simulation.Disks;

namespace Zab.Storage.Tests;

/// <summary>Stops the machine, or fails the disk, in every operation of a store's life.</summary>
public sealed class CrashTests
{
    private static readonly int s_operations = CountOperations();

    [Fact]
    public void The_scenario_has_everything_in_it()
    {
        SimulatedDisk disk = new() { IsTraced = true };
        new Scenario(disk).Run();

        string[] expected =
        [
            "create", "allocate", "write", "flush log", "flush snapshot", "flush incoming", "rename",
            "delete log", "delete snapshot",
        ];
        foreach (string operation in expected)
        {
            Assert.Contains(disk.Trace, done => done.StartsWith(operation, StringComparison.Ordinal));
        }

        Assert.True(s_operations > 100, $"only {s_operations} operations");
    }

    [Theory]
    [InlineData("KeepsAll", 0)]
    [InlineData("LosesAll", 0)]
    [InlineData("KeepsSome", 1)]
    [InlineData("KeepsSome", 2)]
    [InlineData("KeepsSome", 3)]
    [InlineData("KeepsPrefix", 1)]
    [InlineData("KeepsPrefix", 2)]
    [InlineData("KeepsPrefix", 3)]
    public void A_loss_of_power_in_any_operation_loses_nothing_that_was_promised(string loss, int seed)
    {
        for (int at = 1; at <= s_operations; at++)
        {
            SimulatedDisk disk = new() { IsTraced = true, PowerLossAt = at };
            Scenario scenario = new(disk);
            Assert.Throws<PowerLossException>(scenario.Run);
            disk.Restart(Enum.Parse<PowerLoss>(loss), (ulong)(seed * 1000 + at));

            Verified(() => Scenario.Verify(disk, scenario), $"power lost in operation {at}", disk);
        }
    }

    [Theory]
    [InlineData("LosesAll", 0)]
    [InlineData("KeepsSome", 1)]
    [InlineData("KeepsPrefix", 1)]
    public void A_loss_of_power_in_any_operation_of_any_recovery_does_no_harm_either(string loss, int seed)
    {
        PowerLoss kind = Enum.Parse<PowerLoss>(loss);
        for (int at = 1; at <= s_operations; at++)
        {
            SimulatedDisk disk = new() { IsTraced = true, PowerLossAt = at };
            Scenario scenario = new(disk);
            Assert.Throws<PowerLossException>(scenario.Run);
            disk.Restart(kind, (ulong)(seed * 1000 + at));
            int depth = at % 20 == 0 ? 2 : 1;
            Recover(disk, scenario, kind, seed * 1000 + at, depth, $"power lost in operation {at}");
        }
    }

    [Theory]
    [InlineData("KeepsAll")]
    [InlineData("LosesAll")]
    [InlineData("KeepsSome")]
    [InlineData("KeepsPrefix")]
    public void An_error_in_any_operation_stops_the_log_and_loses_nothing_that_was_promised(string loss)
    {
        for (int at = 1; at <= s_operations; at++)
        {
            SimulatedDisk disk = new() { IsTraced = true, ErrorAt = at };
            Scenario scenario = new(disk);
            Exception? error = Record.Exception(scenario.Run);
            Assert.True(error is null or IOException, $"error in operation {at}: {error}");
            disk.Restart(Enum.Parse<PowerLoss>(loss), (ulong)at);

            Verified(() => Scenario.Verify(disk, scenario), $"error in operation {at}", disk);
        }
    }

    [Fact]
    public void After_an_error_in_any_operation_what_the_process_reads_again_survives_a_later_loss_of_power()
    {
        for (int at = 1; at <= s_operations; at++)
        {
            SimulatedDisk disk = AfterErrorAndRestart(at, out Scenario scenario);

            Verified(() => Scenario.VerifyLater(disk, scenario), $"error in operation {at}", disk);
        }
    }

    [Fact]
    public void After_an_error_in_any_operation_a_loss_of_power_in_any_operation_of_the_opening_does_no_harm()
    {
        for (int at = 1; at <= s_operations; at++)
        {
            bool isOpened = false;
            for (int step = 1; !isOpened; step++)
            {
                SimulatedDisk disk = AfterErrorAndRestart(at, out Scenario scenario);
                disk.PowerLossAt = disk.Operations + step;
                string story = $"error in operation {at}, power lost in operation {step} of the opening";
                Exception? end = Record.Exception(() => Scenario.NewStore(disk).Open(Scenario.Identity));
                Assert.True(end is null or PowerLossException, $"{story}: {end}");
                isOpened = end is null;
                disk.Restart(PowerLoss.LosesAll);

                Verified(() => Scenario.Verify(disk, scenario), story, disk);
            }
        }
    }

    private static SimulatedDisk AfterErrorAndRestart(int errorAt, out Scenario scenario)
    {
        SimulatedDisk disk = new() { IsTraced = true, ErrorAt = errorAt };
        scenario = new Scenario(disk);
        Exception? error = Record.Exception(scenario.Run);
        Assert.True(error is null or IOException, $"error in operation {errorAt}: {error}");
        disk.RestartProcess();
        return disk;
    }

    private static void Recover(
        SimulatedDisk start, Scenario book, PowerLoss loss, int seed, int depth, string story)
    {
        for (int at = 1; depth > 0; at++)
        {
            SimulatedDisk disk = start.Snapshot();
            disk.PowerLossAt = at;
            Exception? end = Record.Exception(() => Scenario.NewStore(disk).Open(Scenario.Identity));
            if (end is null)
            {
                break;
            }

            string longer = $"{story}, then in operation {at} of the recovery";
            Assert.True(end is PowerLossException, $"{longer}: {end}");
            disk.Restart(loss, (ulong)(seed + at));
            Recover(disk, book, loss, seed + at, depth - 1, longer);
        }

        SimulatedDisk last = start.Snapshot();
        Verified(() => Scenario.Verify(last, book), story, last);
    }

    private static void Verified(Action verify, string story, SimulatedDisk disk)
    {
        Exception? failure = Record.Exception(verify);
        Assert.True(failure is null, $"{story}: {failure}\n{string.Join('\n', disk.Trace)}");
    }

    private static int CountOperations()
    {
        SimulatedDisk disk = new() { IsTraced = true };
        new Scenario(disk).Run();
        return disk.Operations;
    }
}
