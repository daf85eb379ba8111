using System.CommandLine;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Zab.Cli.Sim;

/// <summary>The words of the command line.</summary>
internal static partial class CommandLine
{
    private static readonly TimeSpan s_sameRequest = TimeSpan.FromSeconds(1);

    /// <summary>Does what the arguments say, on the console.</summary>
    /// <returns>The exit code: see <see cref="ExitCode"/>.</returns>
    public static int Run(string[] arguments, SimHost host, params Command[] others) =>
        Run(arguments, host, Console.Out, Console.Error, isTerminal: !Console.IsErrorRedirected, others);

    /// <summary>Does what the arguments say.</summary>
    public static int Run(
        string[] arguments,
        SimHost host,
        TextWriter output,
        TextWriter error,
        bool isTerminal,
        params Command[] others)
    {
        SimCommand sim = new();
        sim.Command.SetAction(parsed =>
        {
            SimRequest request = sim.RequestOf(parsed);
            return request.Error() is { } wrong ? Refuse(error, parsed, wrong)
                : request.Plants && host.HandOver is { } handOver ? handOver()
                : request.Mutation is { } id && host.Mutations.All(known => known.Id != id)
                    ? Refuse(error, parsed, $"no mutation {id} is woven in")
                : Run(request, host, output, error, isTerminal);
        });
        RootCommand root = new("Zab: ZooKeeper's atomic broadcast, as a library.") { sim.Command };
        foreach (Command other in others)
        {
            root.Subcommands.Add(other);
        }

        ParseResult result = root.Parse(arguments);
        return result.Errors.Count > 0
            ? Refuse(error, result, string.Join('\n', result.Errors.Select(wrong => wrong.Message)))
            : result.Invoke(new InvocationConfiguration
            {
                Output = output,
                Error = error,
                ProcessTerminationTimeout = null, // commands see to signals themselves
            });
    }

    private static int Run(
        SimRequest request, SimHost host, TextWriter output, TextWriter error, bool isTerminal)
    {
        host.Prepare?.Invoke();
        using StopSignal signal = new(s_sameRequest);
        if (request.IsFresh)
        {
            request = request with { Start = (ulong)RandomNumberGenerator.GetInt32(1, int.MaxValue) };
            output.WriteLine($"start: {request.Start}");
        }

        bool hasBar = isTerminal && !request.HashesOnly;
        Verdict verdict = hasBar
            ? TerminalOutput.Run(console => Run(request, host, console, signal.Token))
            : Run(request, host, new PlainOutput(output, error), signal.Token);
        output.WriteLine(verdict.LastLine);
        return verdict.ExitCode;
    }

    private static Verdict Run(SimRequest request, SimHost host, ISimOutput output, CancellationToken stop) =>
        request.HashesOnly ? new DeterminismCheck(host, request, output).PrintHashes(stop)
        : request.Determinism is not null
            ? new DeterminismCheck(host, request, output)
                .Run(SecondProcess.Assemblies(typeof(CommandLine).Assembly.Location), stop)
        : request.AllMutations ? new MutationHunt(host, request, output).Run(stop)
        : new Campaign(host, request, output).Run(stop);

    private static int Refuse(TextWriter error, ParseResult parsed, string reason)
    {
        Command command = parsed.CommandResult.Command;
        string name = command is RootCommand ? "zab" : $"zab {command.Name}";
        error.WriteLine($"zab: {DotNetType().Replace(reason, "")}");
        error.WriteLine($"{name} --help tells what there is.");
        return ExitCode.Unusable;
    }

    // To who mistypes a number or a word, the name of a type in .NET says nothing.
    [GeneratedRegex(" as expected type '[^']*'")]
    private static partial Regex DotNetType();
}
