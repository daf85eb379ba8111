namespace Zab.Cli.Shell.Terminal;

/// <summary>Completes commands, and paths by what the server has.</summary>
internal sealed class Completer(ShellConnection connection, IReadOnlyList<string> commands)
{
    /// <summary>How the text before the cursor may go on.</summary>
    public async Task<Completion> CompleteAsync(string text, CancellationToken cancellationToken)
    {
        int start = StartOfWord(text);
        string word = text[start..];
        if (string.IsNullOrWhiteSpace(text[..start]))
            return new Completion(start, [.. Fitting(commands, word).Select(command => $"{command} ")]);

        string quote = word is ['"' or '\'', ..] ? word[..1] : "";
        string path = word[quote.Length..];
        int slash = path.LastIndexOf('/');
        if (path is not ['/', ..] || !connection.IsConnected)
            return new Completion(start, []);

        try
        {
            string parent = slash == 0 ? "/" : path[..slash];
            IReadOnlyList<string> names = await connection.Session
                .GetChildrenAsync(parent, cancellationToken: cancellationToken).ConfigureAwait(false);
            IEnumerable<string> paths = names.Order(StringComparer.Ordinal)
                .Select(name => path[..(slash + 1)] + name);
            return new Completion(start, [.. Fitting(paths, path).Select(one => Quoted(one, quote))]);
        }
        catch (Exception e) when (e is ZabException or ShellException or ObjectDisposedException)
        {
            return new Completion(start, []); // what cannot be read completes nothing
        }
    }

    private static IEnumerable<string> Fitting(IEnumerable<string> words, string start) =>
        words.Where(word => word.StartsWith(start, StringComparison.Ordinal));

    private static string Quoted(string path, string quote) =>
        quote.Length > 0 ? quote + path
        : path.Any(char.IsWhiteSpace) ? $"\"{path}\""
        : path;

    /// <summary>Where the last word begins: behind a blank that is in no quotation marks.</summary>
    private static int StartOfWord(string text)
    {
        int start = 0;
        char? quote = null;
        for (int i = 0; i < text.Length; i++)
        {
            if (quote is not null)
                quote = text[i] == quote ? null : quote;
            else if (char.IsWhiteSpace(text[i]))
                start = i + 1;
            else if (i == start && text[i] is '"' or '\'')
                quote = text[i];
        }

        return start;
    }
}
