using System.Text;

namespace Zab.Cli.Shell.Terminal;

/// <summary>A line that is being edited: its text, and where the cursor stands.</summary>
internal sealed class LineBuffer
{
    private const int LengthMax = 1 << 20;

    private readonly StringBuilder _text = new();
    private string _killed = "";

    /// <summary>The text.</summary>
    public string Text => _text.ToString();

    /// <summary>How many characters are left of the cursor.</summary>
    public int Cursor { get; private set; }

    /// <summary>Puts another text in place of this one, and the cursor behind it.</summary>
    public void Set(string text)
    {
        _text.Clear().Append(text);
        Cursor = text.Length;
    }

    /// <summary>Inserts a text. Control characters are left out, and what is too much for a line.</summary>
    public void Insert(string text)
    {
        string shown = new([.. text.Where(one => !char.IsControl(one))]);
        if (_text.Length + shown.Length <= LengthMax)
        {
            _text.Insert(Cursor, shown);
            Cursor += shown.Length;
        }
    }

    /// <summary>Puts a text in place of what stands from a place to the cursor.</summary>
    public void Replace(int start, string text)
    {
        _text.Remove(start, Cursor - start);
        Cursor = start;
        Insert(text);
    }

    /// <summary>Moves the cursor by one character.</summary>
    public void Left() => Cursor = Before();

    /// <inheritdoc cref="Left"/>
    public void Right() => Cursor = After();

    /// <summary>Moves the cursor to an end of the line.</summary>
    public void Home() => Cursor = 0;

    /// <inheritdoc cref="Home"/>
    public void End() => Cursor = _text.Length;

    /// <summary>Moves the cursor to the begin of a word.</summary>
    public void WordLeft() => Cursor = WordStart();

    /// <summary>Moves the cursor behind a word.</summary>
    public void WordRight()
    {
        while (Cursor < _text.Length && IsBlank(Cursor))
        {
            Cursor++;
        }

        while (Cursor < _text.Length && !IsBlank(Cursor))
        {
            Cursor++;
        }
    }

    /// <summary>Deletes the character left of the cursor.</summary>
    public void Backspace() => Delete(Before(), Cursor);

    /// <summary>Deletes the character at the cursor.</summary>
    public void Delete() => Delete(Cursor, After());

    /// <summary>Cuts from the cursor to the end.</summary>
    public void KillToEnd() => Kill(Cursor, _text.Length);

    /// <summary>Cuts from the begin to the cursor.</summary>
    public void KillToStart() => Kill(0, Cursor);

    /// <summary>Cuts the word left of the cursor.</summary>
    public void KillWord() => Kill(WordStart(), Cursor);

    /// <summary>Inserts what was cut last.</summary>
    public void Yank() => Insert(_killed);

    private void Kill(int start, int end)
    {
        if (start < end)
            _killed = _text.ToString(start, end - start);
        Delete(start, end);
    }

    private void Delete(int start, int end)
    {
        _text.Remove(start, end - start);
        Cursor = start;
    }

    private int WordStart()
    {
        int start = Cursor;
        while (start > 0 && IsBlank(start - 1))
        {
            start--;
        }

        while (start > 0 && !IsBlank(start - 1))
        {
            start--;
        }

        return start;
    }

    /// <summary>One character back; two halves of one go together.</summary>
    private int Before() => Cursor == 0 ? 0
        : Cursor > 1 && char.IsLowSurrogate(_text[Cursor - 1]) ? Cursor - 2
        : Cursor - 1;

    private int After() => Cursor == _text.Length ? Cursor
        : Cursor + 1 < _text.Length && char.IsHighSurrogate(_text[Cursor]) ? Cursor + 2
        : Cursor + 1;

    private bool IsBlank(int at) => char.IsWhiteSpace(_text[at]);
}
