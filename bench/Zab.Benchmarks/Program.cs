using System.CommandLine;
using BenchmarkDotNet.Running;
using Zab.Benchmarks.Measured;
using Zab.Benchmarks.Port;

namespace Zab.Benchmarks;

/// <summary>Measures what Zab promises. Each command but <c>bdn</c> takes a minute or so, and ends with the
/// figures.</summary>
internal static class Program
{
    private const int Unusable = 2;

    private static async Task<int> Main(string[] arguments)
    {
        RootCommand root = new("Measures what Zab promises; docs/benchmarks.md tells what each figure means.")
        {
            Measure("memory", "Memory for a million znodes.", MemoryMeasure.RunAsync),
            Measure("reads", "Reads in this process, on one core.", ReadsMeasure.RunAsync),
            Measure("listing", "A page of the children of a node with a million.", ListingMeasure.RunAsync),
            Measure("writes", "Changes of the tree alone, in batches.", WritesMeasure.RunAsync),
            Measure("watches", "Watches that one transaction fires.", WatchesMeasure.RunAsync),
            Measure("connections", "Memory for idle connections of clients.", ConnectionsMeasure.RunAsync),
            Measure("sessions", "Sessions opened and closed at the client port.", SessionsMeasure.RunAsync),
            Measure("malformed", "A million malformed frames at the client port.", MalformedMeasure.RunAsync),
            Serve(),
            Ask(),
            Load(),
            Bdn(),
        };
        ParseResult parsed = root.Parse(arguments);
        if (parsed.Errors.Count == 0)
        {
            return await parsed.InvokeAsync();
        }

        foreach (string wrong in parsed.Errors.Select(error => error.Message))
        {
            await Console.Error.WriteLineAsync(wrong);
        }

        _ = await root.Parse("--help").InvokeAsync(new InvocationConfiguration { Output = Console.Error });
        return Unusable;
    }

    private static Command Measure(string name, string description, Func<TextWriter, Task> run)
    {
        Command command = new(name, description);
        command.SetAction((_, _) => run(Console.Out));
        return command;
    }

    private static Command Serve()
    {
        Argument<int> servers = new("servers");
        Command command = new("serve", "What the measures of the client port start.") { servers };
        command.Hidden = true;
        command.SetAction(
            (parsed, _) => ServedNodes.RunAsync(parsed.GetValue(servers), Console.In, Console.Out));
        return command;
    }

    private static Command Ask()
    {
        Argument<string> server = new("server");
        Command command = new("ask", "An honest client, for the measures of the client port.") { server };
        command.Hidden = true;
        command.SetAction(
            (parsed, _) => HonestProcess.RunAsync(parsed.GetValue(server)!, Console.In, Console.Out));
        return command;
    }

    private static Command Load()
    {
        Argument<string> server = new("server");
        Argument<long> frames = new("frames");
        Argument<bool> isMalformed = new("malformed");
        Command command = new("load", "Many clients, for the measures of the client port.")
        {
            server, frames, isMalformed,
        };
        command.Hidden = true;
        command.SetAction((parsed, _) => LoadProcess.RunAsync(
            parsed.GetValue(server)!,
            parsed.GetValue(frames),
            parsed.GetValue(isMalformed),
            Console.Out));
        return command;
    }

    private static Command Bdn()
    {
        Argument<string> filter = new("filter")
        {
            Description = "Which: a pattern such as *Session*.",
            DefaultValueFactory = _ => "*",
        };
        Command command = new("bdn", "The same, in detail, by BenchmarkDotNet.") { filter };
        command.SetAction(parsed => _ = BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly)
            .Run(["--filter", parsed.GetValue(filter)!]));
        return command;
    }
}
