using Spectre.Console;

namespace Zab.Cli.Sim;

/// <summary>On a terminal: a bar below the lines.</summary>
internal sealed class TerminalOutput : ISimOutput
{
    private readonly IAnsiConsole _console;
    private readonly ProgressTask _bar;
    private readonly bool _isPiped;

    private TerminalOutput(IAnsiConsole console, ProgressTask bar, bool isPiped)
    {
        _console = console;
        _bar = bar;
        _isPiped = isPiped;
    }

    /// <summary>Does the work under a bar, which is gone afterwards.</summary>
    public static Verdict Run(Func<ISimOutput, Verdict> work)
    {
        bool isPiped = Console.IsOutputRedirected;
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(isPiped ? Console.Error : Console.Out),
        });
        return console.Progress().AutoClear(true)
            .Columns(
                new TaskDescriptionColumn(),
                new ProgressBarColumn(),
                new PercentageColumn(),
                new RemainingTimeColumn())
            .Start(context => work(new TerminalOutput(console, context.AddTask("starting"), isPiped)));
    }

    public void Line(string text)
    {
        if (_isPiped)
        {
            Console.Out.WriteLine(text);
        }
        else
        {
            Note(text);
        }
    }

    public void Note(string text) => _console.Write(new Text(text + "\n"));

    public void Progress(string what, long done, long total)
    {
        _bar.Description = Markup.Escape($"{what}: {done} of {total}");
        _bar.MaxValue = total;
        _bar.Value = done;
    }
}
