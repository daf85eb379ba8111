using System.Globalization;

namespace Zab.Cli.Shell;

/// <summary>The words behind a command, as options and operands.</summary>
/// <remarks>Options may stand anywhere, also several letters behind one dash, and a value may follow its
/// letter at once; <c>--</c> ends them. A number with a sign is an operand. Source: Apache Commons CLI, by
/// which ZooKeeper's shell reads its words.</remarks>
internal sealed class VerbArguments
{
    private readonly ShellVerb _verb;
    private readonly Dictionary<char, string> _values = [];
    private readonly List<string> _operands = [];

    private VerbArguments(ShellVerb verb) => _verb = verb;

    /// <summary>What is no option, in order.</summary>
    public IReadOnlyList<string> Operands => _operands;

    /// <summary>The first operand, which is a path.</summary>
    /// <exception cref="ShellException">It is none.</exception>
    public string Path => _operands[0] switch
    {
        "/" => "/",
        not ['/', ..] => throw new ShellException("Path must start with / character"),
        [.., '/'] => throw new ShellException("Path must not end with / character"),
        var path when path[1..].Split('/').Any(name => name is "" or "." or "..") =>
            throw new ShellException($"Invalid path string \"{path}\""),
        var path => path,
    };

    /// <summary>Reads the words behind a command.</summary>
    /// <exception cref="ShellException">They do not keep to its usage.</exception>
    public static VerbArguments Of(ShellVerb verb, IEnumerable<string> words)
    {
        VerbArguments arguments = new(verb);
        using IEnumerator<string> word = words.GetEnumerator();
        bool areOptionsOver = verb.IsFree;
        while (word.MoveNext())
        {
            if (areOptionsOver || word.Current is not ['-', _, ..] || IsNumber(word.Current))
                arguments._operands.Add(word.Current);
            else if (word.Current == "--")
                areOptionsOver = true;
            else
                arguments.AddOptions(word);
        }

        int count = arguments._operands.Count;
        return count < verb.OperandsMin ? throw verb.Misused("something is missing")
            : count > verb.OperandsMax
                ? throw verb.Misused($"{arguments._operands[verb.OperandsMax]} is too much")
            : arguments;
    }

    /// <summary>Whether an option was given.</summary>
    public bool Has(char option) => _values.ContainsKey(option);

    /// <summary>The value of an option; null when it was not given.</summary>
    public string? ValueOf(char option) => _values.GetValueOrDefault(option);

    /// <summary>The value of an option as a number.</summary>
    /// <param name="option">The option.</param>
    /// <param name="otherwise">The value when it was not given.</param>
    /// <exception cref="ShellException">It is no number, or too large.</exception>
    public int Int32Of(char option, int otherwise) => ValueOf(option) is not { } text ? otherwise
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
            ? value
        : throw _verb.Misused($"-{option} needs a whole number, not {text}");

    /// <summary>As <see cref="Int32Of"/>, for larger numbers.</summary>
    public long Int64Of(char option, long otherwise) => ValueOf(option) is not { } text ? otherwise
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
            ? value
        : throw _verb.Misused($"-{option} needs a whole number, not {text}");

    /// <summary>The failure of a call that does not keep to the usage.</summary>
    public ShellException Misused(string why) => _verb.Misused(why);

    private static bool IsNumber(string word) =>
        double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private void AddOptions(IEnumerator<string> word)
    {
        string letters = word.Current[1..];
        for (int i = 0; i < letters.Length; i++)
        {
            char letter = letters[i];
            if (_verb.Switches.Contains(letter, StringComparison.Ordinal))
            {
                _values[letter] = "";
                continue;
            }

            if (!_verb.Valued.Contains(letter, StringComparison.Ordinal))
                throw _verb.Misused($"Unrecognized option: {word.Current}");

            _values[letter] = i + 1 < letters.Length ? letters[(i + 1)..]
                : word.MoveNext() ? word.Current
                : throw _verb.Misused($"-{letter} needs a value");
            return;
        }
    }
}
