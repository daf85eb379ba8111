using System.Globalization;
using System.Text;

namespace Zab.Configuration;

/// <summary>One key of a properties file.</summary>
/// <param name="LineNumber">The line on which the key stands, from 1.</param>
/// <param name="Key">The key, unescaped.</param>
/// <param name="Value">The value, unescaped and trimmed; may be empty.</param>
internal readonly record struct JavaProperty(int LineNumber, string Key, string Value);

/// <summary>Reads the format of <c>java.util.Properties</c>, which <c>zoo.cfg</c> is written in.</summary>
internal static class JavaProperties
{
    /// <summary>The keys of a file, in order, repeated ones too.</summary>
    /// <remarks><c>key=value</c>, <c>key: value</c> or <c>key value</c>; <c>#</c> and <c>!</c> begin a
    /// comment line; a backslash at the end continues a line, elsewhere it escapes a character. An escape
    /// <c>\u</c> that is not followed by four hexadecimal digits stands for the letter u.</remarks>
    public static IEnumerable<JavaProperty> Read(string text)
    {
        string[] lines = text.ReplaceLineEndings("\n").Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            int lineNumber = i + 1;
            string line = lines[i].TrimStart();
            if (line.Length == 0 || line[0] is '#' or '!')
            {
                continue;
            }

            while (IsContinued(line) && i + 1 < lines.Length)
            {
                line = line[..^1] + lines[++i].TrimStart();
            }

            yield return Divide(lineNumber, IsContinued(line) ? line[..^1] : line);
        }
    }

    /// <summary>Whether a line ends with a backslash that no other backslash escapes.</summary>
    private static bool IsContinued(string line) => (line.Length - line.TrimEnd('\\').Length) % 2 == 1;

    private static JavaProperty Divide(int lineNumber, string line)
    {
        int end = 0;
        while (end < line.Length && line[end] is not ('=' or ':') && !char.IsWhiteSpace(line[end]))
        {
            end += line[end] == '\\' ? 2 : 1;
        }

        end = Math.Min(end, line.Length);
        string value = line[end..].TrimStart();
        if (value.StartsWith('=') || value.StartsWith(':'))
        {
            value = value[1..];
        }

        return new JavaProperty(lineNumber, Unescape(line[..end]), Unescape(value).Trim());
    }

    private static string Unescape(string text)
    {
        StringBuilder result = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                result.Append(text[i]);
                continue;
            }

            char escaped = text[++i];
            if (escaped == 'u' && i + 4 < text.Length && TryHex(text.AsSpan(i + 1, 4), out char unicode))
            {
                result.Append(unicode);
                i += 4;
                continue;
            }

            result.Append(escaped switch
            {
                't' => '\t',
                'n' => '\n',
                'r' => '\r',
                'f' => '\f',
                _ => escaped,
            });
        }

        return result.ToString();
    }

    private static bool TryHex(ReadOnlySpan<char> digits, out char unicode)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        bool isHex = ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, culture, out ushort code);
        unicode = (char)code;
        return isHex;
    }
}
