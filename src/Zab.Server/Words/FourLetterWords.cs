using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Text;
using Zab.Server.Connections;
using Zab.Server.Statistics;

namespace Zab.Server.Words;

/// <summary>The four-letter words: questions of people and tools, in plain text, at the client
/// port.</summary>
/// <remarks>An answer leaves while it is made, so its size costs no memory; whoever does not read it is cut
/// off with the time for a first packet. Source: ZooKeeper <c>FourLetterCommands</c>.</remarks>
internal sealed class FourLetterWords
{
    private const int PieceBytes = 16 * 1024;

    private static readonly string[] s_words =
    [
        "conf", "cons", "crst", "dirs", "dump", "envi", "gtmk", "hash", "isro", "mntr", "ruok", "srst",
        "srvr", "stat", "stmk", "wchc", "wchp", "wchs",
    ];

    private static readonly Dictionary<int, string> s_wordOfBytes = s_words.ToDictionary(
        word => BinaryPrimitives.ReadInt32BigEndian(Encoding.ASCII.GetBytes(word)));

    private readonly ServerFacts _facts;
    private readonly bool _allowsAll;
    private readonly HashSet<string> _allowed;

    /// <summary>Makes the words of a port.</summary>
    public FourLetterWords(ClientListener port)
    {
        _facts = new ServerFacts(port);
        _allowed = new(port.Options.FourLetterWords, StringComparer.Ordinal);
        _allowsAll = _allowed.Contains("*");
    }

    /// <summary>The word that the first four bytes of a connection are; null for none.</summary>
    public static string? Find(int bytes) => s_wordOfBytes.GetValueOrDefault(bytes);

    /// <summary>Answers a word.</summary>
    /// <param name="word">The word.</param>
    /// <param name="output">Gets the answer.</param>
    /// <param name="cancellationToken">Ends an answer that is under way.</param>
    public async Task AnswerAsync(string word, PipeWriter output, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (string piece in Answer(word, cancellationToken).ConfigureAwait(false))
            {
                _ = Encoding.UTF8.GetBytes(piece, output);
                if (output.UnflushedBytes >= PieceBytes
                    && (await output.FlushAsync(cancellationToken).ConfigureAwait(false)).IsCompleted)
                {
                    return; // nobody reads it
                }
            }
        }
        catch (ZabNodeFailedException)
        {
            _ = Encoding.UTF8.GetBytes(ServerFacts.NotServing + "\n", output);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        _ = await output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
    }

    private IAsyncEnumerable<string> Answer(string word, CancellationToken cancellationToken) =>
        !_allowsAll && !_allowed.Contains(word)
            ? Single($"{word} is not executed because it is not in the whitelist.\n")
        : !_facts.Published.IsServing && word is not ("ruok" or "envi" or "isro" or "gtmk" or "stmk")
            ? Single(ServerFacts.NotServing + "\n")
        : word switch
        {
            "ruok" => Single("imok"),
            "isro" => Single(_facts.Published.IsServing ? "rw" : "null"),
            "gtmk" or "stmk" => Single($"{word} is not executed because there is no trace mask.\n"),
            "envi" => SettingWords.Environment().ToAsyncEnumerable(),
            "conf" => SettingWords.Configuration(_facts).ToAsyncEnumerable(),
            "dirs" => SettingWords.Directories(_facts).ToAsyncEnumerable(),
            "srvr" => StatusWords.ServerAsync(_facts, cancellationToken),
            "stat" => StatusWords.StatAsync(_facts, cancellationToken),
            "mntr" => StatusWords.MonitorAsync(_facts, cancellationToken),
            "cons" => ConnectionWords.Connections(_facts).ToAsyncEnumerable(),
            "crst" => Single(ConnectionWords.ResetConnections(_facts)),
            "srst" => Single(ConnectionWords.ResetServer(_facts)),
            "dump" => SessionWords.Dump(_facts).ToAsyncEnumerable(),
            "hash" => Single(StatusWords.Hash(_facts)),
            "wchs" => SessionWords.WatchSummaryAsync(_facts, cancellationToken),
            "wchc" => SessionWords.WatchesAsync(_facts, cancellationToken),
            "wchp" => SessionWords.WatchesByPathAsync(_facts, cancellationToken),
            _ => Single(""),
        };

    private static IAsyncEnumerable<string> Single(string answer) => new[] { answer }.ToAsyncEnumerable();
}
