using System.Text;

namespace Zab.Server.Configuration;

/// <summary>Reads the users of SASL's DIGEST-MD5 from a file of the Java Authentication and Authorization
/// Service, in which ZooKeeper keeps them.</summary>
/// <remarks>
/// <para><c>Server { org.apache.zookeeper.server.auth.DigestLoginModule required user_bob="secret"; };</c>:
/// the entry <c>user_NAME</c> holds the password of NAME. Other sections are skipped, as is
/// <c>user_super</c>'s special meaning: it is a user like others here.</para>
/// <para>Comments are those of Java: <c>// …</c>, <c>/* … */</c>, and <c>#</c> to the end of a line.
/// Source: <c>javax.security.auth.login.Configuration</c>, ZooKeeper <c>SaslServerCallbackHandler</c>.</para>
/// </remarks>
internal sealed class JaasFile
{
    private const string Section = "Server";
    private const string Module = "DigestLoginModule";
    private const string UserPrefix = "user_";

    private readonly string _text;
    private int _at;
    private int _line = 1;

    private JaasFile(string text) => _text = text;

    /// <summary>The users, with their passwords, of the section <c>Server</c>.</summary>
    /// <exception cref="FormatException">The text cannot be read as such a file, has no such section, or
    /// names no user. The message says what to write, and no password.</exception>
    public static IReadOnlyDictionary<string, string> Users(string text)
    {
        JaasFile file = new(text);
        Dictionary<string, string>? users = null;
        while (file.Next() is { } name)
        {
            file.Expect("{");
            Dictionary<string, string> found = file.Body(isServer: name == Section);
            users = name == Section ? found : users;
        }

        return users switch
        {
            null => throw new FormatException($"it has no section {Section} {{ … }}"),
            { Count: 0 } => throw new FormatException(
                $"its section {Section} names no user; "
                + $"write {Module} required {UserPrefix}NAME=\"password\";"),
            _ => users,
        };
    }

    /// <summary>The modules of a section, up to its end.</summary>
    private Dictionary<string, string> Body(bool isServer)
    {
        Dictionary<string, string> users = new(StringComparer.Ordinal);
        while (Next() is { } module)
        {
            if (module == "}")
            {
                Expect(";");
                return users;
            }

            if (isServer && !module.EndsWith("." + Module, StringComparison.Ordinal) && module != Module)
            {
                throw Wrong($"expected the module {Module}, found '{module}': no other is supported");
            }

            _ = Next() ?? throw Wrong("expected 'required' behind the module, found the end");
            Entries(isServer ? users : null);
        }

        throw Wrong("expected '};' at the end of the section, found the end of the file");
    }

    /// <summary>The entries of a module, up to its semicolon.</summary>
    private void Entries(Dictionary<string, string>? users)
    {
        while (Next() is { } key)
        {
            if (key == ";")
            {
                return;
            }

            Expect("=");
            string value = Next() ?? throw Wrong($"expected a value of {key}, found the end of the file");
            bool isUser = key.StartsWith(UserPrefix, StringComparison.Ordinal);
            if (isUser && users?.TryAdd(key[UserPrefix.Length..], value) == false)
            {
                throw Wrong($"{key} is given twice; keep one");
            }
        }

        throw Wrong("expected ';' behind the last entry, found the end of the file");
    }

    private void Expect(string expected)
    {
        if (Next() is not { } found || found != expected)
        {
            throw Wrong($"expected '{expected}'"); // what stands there may be a password
        }
    }

    /// <summary>The next word, quoted text or sign; null at the end.</summary>
    private string? Next()
    {
        SkipBlanks();
        if (_at == _text.Length)
        {
            return null;
        }

        if (_text[_at] == '"')
        {
            return Quoted();
        }

        int start = _at++;
        if (!IsSign(_text[start]))
        {
            while (_at < _text.Length && !IsSign(_text[_at]) && !char.IsWhiteSpace(_text[_at]))
            {
                _at++;
            }
        }

        return _text[start.._at];
    }

    private static bool IsSign(char c) => c is '{' or '}' or ';' or '=' or '"';

    private string Quoted()
    {
        StringBuilder value = new();
        for (_at++; _at < _text.Length && _text[_at] is not ('"' or '\n'); _at++)
        {
            _at += _text[_at] == '\\' && _at + 1 < _text.Length ? 1 : 0;
            _ = value.Append(_text[_at]);
        }

        if (_at == _text.Length || _text[_at] != '"')
        {
            throw Wrong("a text in quotes does not end on its line");
        }

        _at++;
        return value.ToString();
    }

    private void SkipBlanks()
    {
        while (_at < _text.Length)
        {
            if (char.IsWhiteSpace(_text[_at]))
            {
                _line += _text[_at++] == '\n' ? 1 : 0;
            }
            else if (_text[_at] == '#' || _text.AsSpan(_at).StartsWith("//"))
            {
                int end = _text.IndexOf('\n', _at);
                _at = end < 0 ? _text.Length : end;
            }
            else if (_text.AsSpan(_at).StartsWith("/*"))
            {
                int end = _text.IndexOf("*/", _at + 2, StringComparison.Ordinal);
                int next = end < 0 ? _text.Length : end + 2;
                _line += _text.AsSpan(_at, next - _at).Count('\n');
                _at = next;
            }
            else
            {
                return;
            }
        }
    }

    private FormatException Wrong(string problem) => new($"line {_line}: {problem}");
}
