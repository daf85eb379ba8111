namespace Zab.Cli.Shell.Terminal;

/// <summary>Edits a line on a terminal: keys as in a Unix shell, lines of before by the arrows, completion by
/// Tab.</summary>
/// <remarks>The line is drawn with nothing but carriage return and backspace, so that every terminal can show
/// it. One that is longer than a row is shown around the cursor. Every character counts as one
/// column.</remarks>
internal sealed class LineEditor : ILineSource
{
    private const int WordsShownMax = 100;

    private readonly ITerminal _terminal;
    private readonly LineHistory _history;
    private readonly Func<string, Task<Completion>> _complete;
    private readonly Dictionary<(ConsoleModifiers, ConsoleKey), Action> _keys;
    private readonly Lock _lock = new();
    private readonly LineBuffer _line = new();
    private string? _prompt;
    private string _kept = "";
    private int _ago;
    private int _left;
    private int _drawn;

    /// <summary>Makes an editor.</summary>
    /// <param name="terminal">The terminal, which nobody else writes to while a line is read.</param>
    /// <param name="history">The lines of before.</param>
    /// <param name="complete">Completes the text before the cursor.</param>
    public LineEditor(ITerminal terminal, LineHistory history, Func<string, Task<Completion>> complete)
    {
        (_terminal, _history, _complete) = (terminal, history, complete);
        _keys = new Dictionary<(ConsoleModifiers, ConsoleKey), Action>
        {
            [(0, ConsoleKey.Backspace)] = _line.Backspace,
            [(0, ConsoleKey.Delete)] = _line.Delete,
            [(0, ConsoleKey.LeftArrow)] = _line.Left,
            [(0, ConsoleKey.RightArrow)] = _line.Right,
            [(0, ConsoleKey.Home)] = _line.Home,
            [(0, ConsoleKey.End)] = _line.End,
            [(0, ConsoleKey.UpArrow)] = () => Recall(_ago + 1),
            [(0, ConsoleKey.DownArrow)] = () => Recall(_ago - 1),
            [(ConsoleModifiers.Control, ConsoleKey.LeftArrow)] = _line.WordLeft,
            [(ConsoleModifiers.Control, ConsoleKey.RightArrow)] = _line.WordRight,
            [(ConsoleModifiers.Alt, ConsoleKey.B)] = _line.WordLeft,
            [(ConsoleModifiers.Alt, ConsoleKey.F)] = _line.WordRight,
            [(ConsoleModifiers.Control, ConsoleKey.A)] = _line.Home,
            [(ConsoleModifiers.Control, ConsoleKey.E)] = _line.End,
            [(ConsoleModifiers.Control, ConsoleKey.B)] = _line.Left,
            [(ConsoleModifiers.Control, ConsoleKey.F)] = _line.Right,
            [(ConsoleModifiers.Control, ConsoleKey.P)] = () => Recall(_ago + 1),
            [(ConsoleModifiers.Control, ConsoleKey.N)] = () => Recall(_ago - 1),
            [(ConsoleModifiers.Control, ConsoleKey.H)] = _line.Backspace,
            [(ConsoleModifiers.Control, ConsoleKey.K)] = _line.KillToEnd,
            [(ConsoleModifiers.Control, ConsoleKey.U)] = _line.KillToStart,
            [(ConsoleModifiers.Control, ConsoleKey.W)] = _line.KillWord,
            [(ConsoleModifiers.Control, ConsoleKey.Y)] = _line.Yank,
            [(ConsoleModifiers.Control, ConsoleKey.D)] = _line.Delete,
            [(ConsoleModifiers.Control, ConsoleKey.L)] = terminal.Clear,
        };
    }

    /// <summary>Reads a line. Ctrl+C gives it up and begins another; Ctrl+D on an empty one ends the
    /// input.</summary>
    public async Task<string?> ReadLineAsync(string prompt)
    {
        Begin(prompt);
        _terminal.IsInterruptAKey = true;
        try
        {
            while (true)
            {
                ConsoleKeyInfo key = await _terminal.ReadKeyAsync().ConfigureAwait(false);
                if (IsControl(key, ConsoleKey.C))
                {
                    End("^C");
                    Begin(prompt);
                }
                else if (IsControl(key, ConsoleKey.D) && _line.Text.Length == 0)
                {
                    End("");
                    return null;
                }
                else if (key.Key == ConsoleKey.Enter || key.KeyChar is '\r' or '\n')
                {
                    return End("");
                }
                else if (key.Key == ConsoleKey.Tab)
                {
                    await CompleteAsync().ConfigureAwait(false);
                }
                else
                {
                    Press(key);
                }
            }
        }
        finally
        {
            _terminal.IsInterruptAKey = false;
        }
    }

    /// <summary>Shows a text above the line that is being edited, if one is.</summary>
    public void Announce(string text)
    {
        lock (_lock)
        {
            if (_prompt is null)
            {
                _terminal.Write(text + Environment.NewLine);
                return;
            }

            _terminal.Write($"\r{new string(' ', _prompt.Length + _drawn)}\r{text}{Environment.NewLine}");
            _drawn = 0;
            Draw();
        }
    }

    private static bool IsControl(ConsoleKeyInfo key, ConsoleKey letter) =>
        key.Modifiers == ConsoleModifiers.Control && key.Key == letter;

    private void Begin(string prompt)
    {
        lock (_lock)
        {
            _line.Set("");
            (_prompt, _ago, _left, _drawn) = (prompt, 0, 0, 0);
            Draw();
        }
    }

    private string End(string mark)
    {
        lock (_lock)
        {
            _line.End();
            Draw();
            _terminal.Write(mark + Environment.NewLine);
            _prompt = null;
            return _line.Text;
        }
    }

    private void Press(ConsoleKeyInfo key)
    {
        lock (_lock)
        {
            if (_keys.TryGetValue((key.Modifiers & ~ConsoleModifiers.Shift, key.Key), out Action? action)
                || _keys.TryGetValue((key.Modifiers, key.Key), out action))
            {
                action();
            }
            else if (!char.IsControl(key.KeyChar))
            {
                _line.Insert(key.KeyChar.ToString());
            }

            Draw();
        }
    }

    /// <summary>Shows a line of before; the one that was being typed is kept for the way back.</summary>
    private void Recall(int ago)
    {
        if (ago < 0 || ago > _history.Count)
            return;

        if (_ago == 0)
            _kept = _line.Text;
        _ago = ago;
        _line.Set(ago == 0 ? _kept : _history.Ago(ago));
    }

    private async Task CompleteAsync()
    {
        string text = _line.Text[.._line.Cursor];
        Completion completion = await _complete(text).ConfigureAwait(false);
        string common = completion.Common();
        if (completion.Words.Count > 1 && common.Length <= text.Length - completion.Start)
        {
            int more = completion.Words.Count - WordsShownMax;
            Announce(string.Join("  ", completion.Words.Take(WordsShownMax).Select(word => word.Trim()))
                + (more > 0 ? $"  and {more} more" : ""));
            return;
        }

        lock (_lock)
        {
            if (completion.Words.Count > 0)
                _line.Replace(completion.Start, common);
            Draw();
        }
    }

    /// <summary>Draws the part of the line around the cursor, over what was drawn before.</summary>
    private void Draw()
    {
        string text = _line.Text;
        int room = int.Max(1, _terminal.Columns - _prompt!.Length - 1);
        _left = int.Clamp(_left, int.Max(0, _line.Cursor - room), _line.Cursor);
        _left = int.Min(_left, int.Max(0, text.Length - room));
        string shown = text[_left..int.Min(text.Length, _left + room)];
        string over = new(' ', int.Max(0, _drawn - shown.Length));
        int back = over.Length + shown.Length - (_line.Cursor - _left);
        _terminal.Write($"\r{_prompt}{shown}{over}{new string('\b', back)}");
        _drawn = shown.Length;
    }
}
