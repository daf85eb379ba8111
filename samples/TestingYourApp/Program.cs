// A worker that is elected, and its test: many seeds of crashes, partitions and pauses of the servers under
// it, on simulated ensembles, in seconds.
//
//   dotnet run -c Release --project samples/TestingYourApp              a thousand seeds
//   dotnet run -c Release --project samples/TestingYourApp -- 5000      as many as you like
//   dotnet run -c Release --project samples/TestingYourApp -- seed 17   one of them, told line by line
using System.Diagnostics;
using System.Globalization;
using TestingYourApp;
using Zab.Testing;

SimulatedEnsembleOptions options = new() { TimeLimit = TimeSpan.FromMinutes(10) };
if (args is ["seed", string one])
{
    SimulatedEnsemble.Run(
        ulong.Parse(one, CultureInfo.InvariantCulture),
        async ensemble =>
        {
            int refused = await FailOverAsync(ensemble);
            Console.WriteLine(string.Join(Environment.NewLine, ensemble.Events));
            Console.WriteLine($"ok: {ensemble.Elapsed.TotalSeconds:0} s, {refused} late writes refused");
        },
        options);
    return 0;
}

int seeds = args is [string count] ? int.Parse(count, CultureInfo.InvariantCulture) : 1000;
Stopwatch clock = Stopwatch.StartNew();
int done = 0, failures = 0, lateWrites = 0;
Parallel.For(1, seeds + 1, seed =>
{
    try
    {
        SimulatedEnsemble.Run(
            (ulong)seed,
            async ensemble => Interlocked.Add(ref lateWrites, await FailOverAsync(ensemble)),
            options);
    }
    catch (SimulationFailedException e)
    {
        _ = Interlocked.Increment(ref failures);
        Console.WriteLine(e.Message);
    }

    int soFar = Interlocked.Increment(ref done);
    if (soFar % Math.Max(1, seeds / 10) == 0)
    {
        Console.WriteLine($"{soFar} of {seeds} seeds");
    }
});
Console.WriteLine($"{lateWrites} writes of workers that did not lead any more were refused");
Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture, $"{seeds} seeds, {failures} failures, {clock.Elapsed.TotalSeconds:0.0} s"));
return failures == 0 ? 0 : 1;

// A worker at each of three servers; for half a minute everything goes wrong, then nothing does.
static async Task<int> FailOverAsync(SimulatedEnsemble ensemble)
{
    Ledger ledger = new();
    using CancellationTokenSource stop = new(TimeSpan.FromSeconds(60), ensemble.TimeProvider);
    Task[] workers =
    [
        .. ensemble.Servers.Select(id => new Candidate(
            $"worker {id}",
            token => ensemble.OpenSessionAsync(id, TimeSpan.FromSeconds(2), token),
            ensemble.TimeProvider,
            ledger).RunAsync(stop.Token)),
    ];

    ensemble.StartFaults();
    await ensemble.DelayAsync(TimeSpan.FromSeconds(30));
    ensemble.StopFaults();
    await ensemble.DelayAsync(TimeSpan.FromSeconds(20));
    int before = ledger.Writes.Count;
    await ensemble.DelayAsync(TimeSpan.FromSeconds(5));

    Check(ledger.Writes.Count > before, "nobody works, though nothing is wrong any more");
    Check(
        ledger.Writes.GroupBy(write => write.Fence).All(term => term.Distinct().Count() == 1),
        "two workers wrote with one fence");
    Check(
        ledger.Writes.Zip(ledger.Writes.Skip(1)).All(pair => pair.First.Fence <= pair.Second.Fence),
        "a worker wrote after its successor");
    await Task.WhenAll(workers);
    return ledger.Refused;
}

static void Check(bool holds, string failure)
{
    if (!holds)
    {
        throw new InvalidOperationException(failure);
    }
}
