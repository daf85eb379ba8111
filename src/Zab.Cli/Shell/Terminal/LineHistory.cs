using System.Diagnostics.CodeAnalysis;

namespace Zab.Cli.Shell.Terminal;

/// <summary>The lines so far, with the numbers by which <c>redo</c> names them: the latest 1,000.</summary>
internal sealed class LineHistory
{
    private const int LinesMax = 1000;

    private readonly List<string> _lines = [];
    private readonly string? _file;
    private int _first;

    /// <summary>Lines that nobody keeps.</summary>
    public LineHistory()
    {
    }

    /// <summary>Lines that are kept in a file, from earlier times too.</summary>
    /// <param name="file">The file, which is created when needed.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public LineHistory(string file)
    {
        _file = file;
        if (File.Exists(file))
        {
            _lines.AddRange(File.ReadLines(file).TakeLast(LinesMax));
        }

        // Numbers begin with the lines of this time.
        _first = -_lines.Count;
    }

    /// <summary>The number of the next line; the first is 0.</summary>
    public int Next => _first + _lines.Count;

    /// <summary>How many lines there are to go back to.</summary>
    public int Count => _lines.Count;

    /// <summary>The line so many lines ago: 1 is the latest.</summary>
    public string Ago(int lines) => _lines[^lines];

    /// <summary>Adds a line.</summary>
    public void Add(string line)
    {
        _lines.Add(line);
        if (_lines.Count > LinesMax)
        {
            _lines.RemoveAt(0);
            _first++;
        }

        // Nobody wants to find a password in a file.
        if (_file is not null && !line.TrimStart().StartsWith("addauth", StringComparison.Ordinal))
        {
            File.AppendAllText(_file, line + Environment.NewLine);
        }
    }

    /// <summary>Finds a line by its number.</summary>
    public bool TryGet(int number, [NotNullWhen(true)] out string? line)
    {
        bool isThere = number >= 0 && number >= _first && number < Next;
        line = isThere ? _lines[number - _first] : null;
        return isThere;
    }

    /// <summary>The latest lines of this time, with their numbers.</summary>
    public IEnumerable<(int Number, string Line)> Latest(int count) =>
        Enumerable.Range(int.Max(int.Max(_first, 0), Next - count), int.Max(0, int.Min(count, Next)))
            .TakeWhile(number => number < Next)
            .Select(number => (number, _lines[number - _first]));
}
