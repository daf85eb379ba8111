namespace Zab.Cli.Shell.Terminal;

/// <summary>A keyboard, and a screen on which a line can be written over.</summary>
internal interface ITerminal
{
    /// <summary>How many characters a row of the screen has.</summary>
    int Columns { get; }

    /// <summary>Whether Ctrl+C is a key as any other, or interrupts.</summary>
    bool IsInterruptAKey { set; }

    /// <summary>Waits for a key.</summary>
    Task<ConsoleKeyInfo> ReadKeyAsync();

    /// <summary>Writes where the cursor is. Carriage return and backspace move it.</summary>
    void Write(string text);

    /// <summary>Empties the screen.</summary>
    void Clear();
}
