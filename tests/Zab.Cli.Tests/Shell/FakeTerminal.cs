using System.Text;
using Zab.Cli.Shell.Terminal;

namespace Zab.Cli.Tests.Shell;

/// <summary>A keyboard of which a test presses the keys, and a screen that shows what a terminal would
/// show.</summary>
internal sealed class FakeTerminal(int columns = 80) : ITerminal
{
    private readonly Queue<Func<ConsoleKeyInfo>> _keys = [];
    private readonly StringBuilder _above = new();
    private readonly StringBuilder _row = new();
    private int _at;

    public int Columns => columns;

    public bool IsInterruptAKey { get; set; }

    /// <summary>The row of the cursor.</summary>
    public string Row => _row.ToString().TrimEnd();

    /// <summary>The row, with a bar where the cursor is.</summary>
    public string RowWithCursor => Row.PadRight(_at).Insert(_at, "|");

    /// <summary>The rows above it.</summary>
    public string Above => _above.ToString();

    /// <summary>Presses keys: a character for itself, or a name in angle brackets.</summary>
    public FakeTerminal Press(string keys)
    {
        for (int i = 0; i < keys.Length; i++)
        {
            int end = keys[i] == '<' ? keys.IndexOf('>', i) : -1;
            ConsoleKeyInfo key = end < 0 ? Character(keys[i]) : Named(keys[(i + 1)..end]);
            _keys.Enqueue(() => key);
            i = end < 0 ? i : end;
        }

        return this;
    }

    /// <summary>Does something between two keys.</summary>
    public FakeTerminal Then(Action action)
    {
        Func<ConsoleKeyInfo>? next = null;
        _keys.Enqueue(() =>
        {
            action();
            next = _keys.Dequeue();
            return next();
        });
        return this;
    }

    public Task<ConsoleKeyInfo> ReadKeyAsync() => Task.FromResult(_keys.Dequeue()());

    public void Write(string text)
    {
        foreach (char one in text)
        {
            switch (one)
            {
                case '\r':
                    _at = 0;
                    break;
                case '\b':
                    Assert.NotEqual(0, _at);
                    _at--;
                    break;
                case '\n':
                    _above.Append(Row).Append('\n');
                    _row.Clear();
                    _at = 0;
                    break;
                default:
                    Assert.True(_at < columns || _row.Length == 0, $"The row is full: {_row}");
                    _row.Length = int.Max(_row.Length, _at + 1);
                    _row[_at++] = one;
                    break;
            }
        }
    }

    public void Clear()
    {
        _above.Clear();
        _row.Clear();
        _at = 0;
    }

    private static ConsoleKeyInfo Character(char one) =>
        new(one, default, char.IsUpper(one), alt: false, control: false);

    private static ConsoleKeyInfo Named(string name)
    {
        string[] parts = name.Split('-');
        ConsoleKey key = parts[^1] switch
        {
            "Left" => ConsoleKey.LeftArrow,
            "Right" => ConsoleKey.RightArrow,
            "Up" => ConsoleKey.UpArrow,
            "Down" => ConsoleKey.DownArrow,
            string other => Enum.Parse<ConsoleKey>(other),
        };
        char character = key switch
        {
            ConsoleKey.Enter => '\r',
            ConsoleKey.Tab => '\t',
            ConsoleKey.Backspace => '\b',
            _ => '\0',
        };
        return new ConsoleKeyInfo(character, key, shift: false, parts[0] == "A", parts[0] == "C");
    }
}
