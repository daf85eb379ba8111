// Three voters and an observer on this machine tell the life of an ensemble, line by line.
//
//   dotnet run -c Release --project samples/LocalEnsemble                   four servers in this process
//   dotnet run -c Release --project samples/LocalEnsemble -- --processes    each server in a process of its own
using System.Diagnostics.CodeAnalysis;

namespace LocalEnsemble;

internal static class Program
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(28);

    public static async Task<int> Main(string[] args)
    {
        switch (args)
        {
            case []:
                return await TellAsync(inProcesses: false);
            case ["--processes"]:
                return await TellAsync(inProcesses: true);
            case [ServerProcess.Argument, string id, string ensemble, string directory]:
                return await ServerProcess.RunChildAsync(id, ensemble, directory);
            default:
                await Console.Error.WriteLineAsync("usage: LocalEnsemble [--processes]");
                return 2;
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever fails is the reason of the exit code.")]
    private static async Task<int> TellAsync(bool inProcesses)
    {
        using CancellationTokenSource limit = new(s_limit);
        string directory = Directory.CreateTempSubdirectory("zab-local-ensemble-").FullName;
        try
        {
            await using Ensemble ensemble = await Ensemble.StartAsync(inProcesses, directory, limit.Token);
            Story story = new(ensemble);
            await story.TellAsync(limit.Token);
            Console.WriteLine($"ok: {story.Steps} steps");
            return 0;
        }
        catch (Exception e)
        {
            Console.WriteLine($"failed: {(limit.IsCancellationRequested ? $"not done within {s_limit}: " : "")}{e.Message}");
            return 1;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
