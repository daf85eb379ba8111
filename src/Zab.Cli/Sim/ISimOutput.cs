namespace Zab.Cli.Sim;

/// <summary>Where a command tells what it finds, and how far it is.</summary>
internal interface ISimOutput
{
    /// <summary>A line of the result, for standard output.</summary>
    void Line(string text);

    /// <summary>A line about the work itself, for standard error.</summary>
    void Note(string text);

    /// <summary>How far the work is. May be called as often as one likes.</summary>
    void Progress(string what, long done, long total);
}
