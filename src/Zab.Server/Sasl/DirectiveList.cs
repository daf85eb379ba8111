using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Zab.Server.Sasl;

/// <summary>The format of DIGEST-MD5's messages: <c>name=value</c>, parted by commas, a value perhaps in
/// quotes.</summary>
/// <remarks>Source: RFC 2831, section 7.</remarks>
internal static class DirectiveList
{
    /// <summary>Reads a message. A name that stands there twice makes it wrong.</summary>
    public static bool TryRead(
        ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out Dictionary<string, string>? directives)
    {
        directives = null;
        Dictionary<string, string> read = new(StringComparer.OrdinalIgnoreCase);
        ReadOnlySpan<char> text = Encoding.UTF8.GetString(bytes);
        while (!(text = text.TrimStart(" \t\r\n,")).IsEmpty)
        {
            int equals = text.IndexOf('=');
            if (equals <= 0)
            {
                return false;
            }

            string name = text[..equals].Trim().ToString();
            text = text[(equals + 1)..];
            if (!TryReadValue(ref text, out string value) || !read.TryAdd(name, value))
            {
                return false;
            }
        }

        directives = read;
        return true;
    }

    private static bool TryReadValue(ref ReadOnlySpan<char> text, out string value)
    {
        if (text.IsEmpty || text[0] != '"')
        {
            int end = text.IndexOf(',');
            value = (end < 0 ? text : text[..end]).Trim().ToString();
            text = end < 0 ? [] : text[end..];
            return true;
        }

        StringBuilder quoted = new();
        for (int at = 1; at < text.Length; at++)
        {
            if (text[at] == '"')
            {
                value = quoted.ToString();
                text = text[(at + 1)..];
                return true;
            }

            if (text[at] == '\\' && ++at == text.Length)
            {
                break;
            }

            _ = quoted.Append(text[at]);
        }

        value = "";
        return false;
    }
}
