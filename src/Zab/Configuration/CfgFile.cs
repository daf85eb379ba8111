using System.Globalization;

namespace Zab.Configuration;

/// <summary>A <c>zoo.cfg</c> that was read: what it says, and what is wrong with it.</summary>
/// <remarks>One owner. Its readers gather problems, so that one run shows them all;
/// <see cref="ThrowIfProblems"/> tells them.</remarks>
internal sealed class CfgFile
{
    private readonly string _path;
    private readonly ZooCfgKeys _keys;
    private readonly Dictionary<string, JavaProperty> _given = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _keyOfProperty = new(StringComparer.Ordinal);
    private readonly List<string> _ignored = [];
    private readonly List<string> _problems = [];

    private CfgFile(string path, ZooCfgKeys keys)
    {
        _path = path;
        _keys = keys;
    }

    /// <summary>The servers of the <c>server.N</c> lines.</summary>
    public EnsembleBuilder Ensemble { get; } = new();

    /// <summary>Keys that are known and have no effect.</summary>
    public IReadOnlyList<string> Ignored => _ignored;

    /// <summary>The keys that are given, with their values, in no defined order; but for <c>server.N</c>.
    /// </summary>
    public IEnumerable<JavaProperty> Given => _given.Values;

    /// <summary>Reads a file, and sorts its keys.</summary>
    /// <exception cref="ZabConfigurationException">The file cannot be read.</exception>
    public static CfgFile Read(string path, ZooCfgKeys keys)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        CfgFile file = new(path, keys);
        foreach (JavaProperty property in JavaProperties.Read(
            Text(path, "check the path and the permissions")))
        {
            file.Take(property);
        }

        return file;
    }

    /// <summary>The text of a file.</summary>
    /// <exception cref="ZabConfigurationException">It cannot be read.</exception>
    public static string Text(string path, string remedy)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ZabConfigurationException(
                $"{path} cannot be read ({failure.Message}); {remedy}", failure);
        }
    }

    /// <summary>What is given for a key.</summary>
    public bool TryGet(string key, out JavaProperty given) => _given.TryGetValue(key, out given);

    /// <summary>The value of a key that sets a property of options; null when it is not given.</summary>
    public string? Value(string key, string property)
    {
        if (!_given.TryGetValue(key, out JavaProperty given))
        {
            return null;
        }

        _keyOfProperty[property] = key;
        return given.Value;
    }

    /// <summary>As <see cref="Number"/>, in milliseconds.</summary>
    public TimeSpan? Milliseconds(string key, string property) =>
        Number(key, property) is int milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;

    /// <summary>A whole number, decimal or after 0x; null when the key is not given or is wrong.</summary>
    public int? Number(string key, string property, int scale = 1, int numberMax = int.MaxValue)
    {
        if (!_given.TryGetValue(key, out JavaProperty given))
        {
            return null;
        }

        _keyOfProperty[property] = key;
        int max = Math.Min(numberMax, int.MaxValue / scale);
        bool isHex = given.Value.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        NumberStyles style = isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        ReadOnlySpan<char> digits = given.Value.AsSpan(isHex ? 2 : 0);
        if (int.TryParse(digits, style, CultureInfo.InvariantCulture, out int number)
            && number >= 0 && number <= max)
        {
            return number * scale;
        }

        Problem(given.LineNumber, $"expected {key}=<a whole number from 0 to {max}>, found '{given.Value}'");
        return null;
    }

    /// <summary>True or false; null when the key is not given.</summary>
    public bool? YesOrNo(string key)
    {
        if (!_given.TryGetValue(key, out JavaProperty given))
        {
            return null;
        }

        if (!bool.TryParse(given.Value, out bool value))
        {
            Problem(given.LineNumber, $"expected {key}=true or {key}=false, found '{given.Value}'");
        }

        return value;
    }

    /// <summary>Notes a problem of a line.</summary>
    public void Problem(int lineNumber, string problem) => _problems.Add($"line {lineNumber}: {problem}");

    /// <summary>Notes a problem of the file as a whole.</summary>
    public void Problem(string problem) => _problems.Add(problem);

    /// <summary>Notes a problem of options, at the line of the key that set them.</summary>
    public void Problem(OptionProblem problem) => _problems.Add(
        _keyOfProperty.TryGetValue(problem.Property, out string? key)
            ? $"line {_given[key].LineNumber}: {key}={_given[key].Value}: {problem.Text}"
            : problem.Text);

    /// <summary>Refuses the file when something is wrong with it.</summary>
    /// <exception cref="ZabConfigurationException">Something is.</exception>
    public void ThrowIfProblems()
    {
        if (_problems.Count + Ensemble.Problems.Count > 0)
        {
            throw new ZabConfigurationException(_path, [.. _problems, .. Ensemble.Problems]);
        }
    }

    /// <summary>Sorts one key into what is used, ignored, or a problem.</summary>
    private void Take(JavaProperty property)
    {
        (int lineNumber, string key, string value) = property;
        if (key.StartsWith("server.", StringComparison.Ordinal))
        {
            Ensemble.Add(lineNumber, key, value);
        }
        else if (!_given.TryAdd(key, property))
        {
            int earlier = _given[key].LineNumber;
            Problem(lineNumber, $"{key} was already given in line {earlier}; keep one of the two");
        }
        else if (_keys.IsUsed(key))
        {
            return; // it is looked for by whoever uses it
        }
        else if (_keys.OnlyValue(key) is string only)
        {
            if (!value.Equals(only, StringComparison.OrdinalIgnoreCase))
            {
                Problem(lineNumber, $"{key}={value} is not supported; remove the line or write {key}={only}");
            }
        }
        else if (_keys.WhyRefused(key) is string reason)
        {
            Problem(lineNumber, $"{key} is not supported: {reason}");
        }
        else if (ZooCfgKeys.IsIgnored(key))
        {
            _ignored.Add(key);
        }
        else
        {
            string? near = ZooCfgKeys.Nearest(key);
            string remedy = near is null ? "remove the line" : $"did you mean {near}?";
            Problem(lineNumber, $"the key '{key}' is unknown; {remedy}");
        }
    }
}
