using System.Globalization;
using Zab.Cli.Shell.Commands;
using Zab.Cli.Shell.Terminal;
using Zab.Cli.Sim;

namespace Zab.Cli.Shell;

/// <summary>Runs one command, or the commands of the input, one after another.</summary>
internal sealed class ShellLoop(ShellOptions options, ShellHost host)
{
    private readonly ShellOutput _output = new(host.Output, host.Error, host.Terminal is not null);

    /// <summary>Runs them.</summary>
    /// <returns><see cref="ExitCode.Success"/>; <see cref="ExitCode.Failure"/> when a command could not be
    /// done, unless the user sits at a terminal and has seen it.</returns>
    public async Task<int> RunAsync()
    {
        EventPrinter events = new(_output);
        ShellConnection connection = new(options, host.OpenSession, events);
        await using (connection.ConfigureAwait(false))
        {
            LineHistory history;
            try
            {
                history = options.HistoryFile is { } file ? new LineHistory(file) : new LineHistory();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _output.Error($"The history cannot be read: {e.Message}");
                return ExitCode.Unusable;
            }

            ShellContext shell = new(connection, _output, events, history, host.TimeZone);
            return CodeOf(options.Command.Count > 0
                ? await TryAsync(token => RunAsync(shell, options.Command, token)).ConfigureAwait(false)
                : await RunLinesAsync(shell).ConfigureAwait(false));
        }
    }

    private async Task<bool> RunLinesAsync(ShellContext shell)
    {
        ILineSource lines = Lines(shell);
        if (host.Terminal is not null)
            _output.Line($"Connecting to {options.Server}");
        bool isAllDone = await TryAsync(token => shell.Connection.OpenAsync(server: null, token))
            .ConfigureAwait(false);
        while (!shell.IsOver && (host.Terminal is not null || !host.Interrupts.Happened)
            && await lines.ReadLineAsync(Prompt(shell)).ConfigureAwait(false) is { } line)
        {
            if (!string.IsNullOrWhiteSpace(line))
                isAllDone &= await TryAsync(token => RunLineAsync(shell, line, token)).ConfigureAwait(false);
        }

        return isAllDone || host.Terminal is not null;
    }

    private static string Prompt(ShellContext shell) => string.Create(
        CultureInfo.InvariantCulture,
        $"[zab: {shell.Connection.Server}({shell.Connection.StateText}) {shell.History.Next}] ");

    /// <summary>Runs a line, and keeps it; <c>redo</c> is kept as the line that it stands for.</summary>
    private static async Task RunLineAsync(
        ShellContext shell, string line, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> words;
        try
        {
            words = Words.Of(line);
            if (words is [HistoryVerbs.Redo, ..])
            {
                ShellVerb redo = VerbTable.Find(HistoryVerbs.Redo)!;
                line = HistoryVerbs.LineToRedo(shell, VerbArguments.Of(redo, words.Skip(1)));
                words = Words.Of(line);
            }
        }
        finally
        {
            shell.History.Add(line);
        }

        (ShellVerb verb, VerbArguments arguments) = Parse(words);
        await verb.RunAsync(shell, arguments, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs one command alone. What is wrong with it is told before a server is asked.</summary>
    private static async Task RunAsync(
        ShellContext shell, IReadOnlyList<string> words, CancellationToken cancellationToken)
    {
        (ShellVerb verb, VerbArguments arguments) = Parse(words);
        if (verb.NeedsServer)
            await shell.Connection.OpenAsync(server: null, cancellationToken).ConfigureAwait(false);
        await verb.RunAsync(shell, arguments, cancellationToken).ConfigureAwait(false);
    }

    private static (ShellVerb Verb, VerbArguments Arguments) Parse(IReadOnlyList<string> words)
    {
        ShellVerb verb = VerbTable.Find(words[0]) ?? throw new ShellException(
            $"Command not found: {words[0]}\nThe command help lists what there is.");
        return (verb, VerbArguments.Of(verb, words.Skip(1)));
    }

    private ILineSource Lines(ShellContext shell)
    {
        if (host.Terminal is not { } terminal)
            return new RedirectedLines(host.Input);

        Completer completer = new(shell.Connection, [.. VerbTable.All.Select(verb => verb.Name)]);
        LineEditor editor = new(
            terminal,
            shell.History,
            text => host.Interrupts.RunAsync(token => completer.CompleteAsync(text, token)));
        _output.Announce = editor.Announce;
        return editor;
    }

    /// <summary>Does something, and tells when it cannot be done.</summary>
    private Task<bool> TryAsync(Func<CancellationToken, Task> work) =>
        host.Interrupts.RunAsync(async token =>
        {
            try
            {
                await work(token).ConfigureAwait(false);
                return true;
            }
            catch (ZabException e)
            {
                _output.Error(ShellErrors.Of(e));
            }
            catch (OperationCanceledException)
            {
                _output.Error("Interrupted");
            }
            catch (Exception e) when (e is ShellException or IOException or UnauthorizedAccessException
                or ArgumentException or ObjectDisposedException or NotSupportedException)
            {
                _output.Error(e.Message);
            }

            return false;
        });

    private int CodeOf(bool isDone) =>
        host.Interrupts.Happened && host.Terminal is null ? ExitCode.Stopped
        : isDone ? ExitCode.Success
        : ExitCode.Failure;
}
