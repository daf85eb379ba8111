using System.Text;
using Zab.Server.Connections;

namespace Zab.Server.Words;

/// <summary>The four-letter words: questions of people and tools, in plain text, at the client port.</summary>
/// <remarks>Source: ZooKeeper <c>FourLetterCommands</c>.</remarks>
internal sealed class FourLetterWords(ClientListener port)
{
    private static readonly Dictionary<int, string> s_words = new[] { "ruok", "srvr" }
        .ToDictionary(word => System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(Encoding.ASCII.GetBytes(word)));

    /// <summary>The word that the first four bytes of a connection are; null for none.</summary>
    public static string? Find(int bytes) => s_words.GetValueOrDefault(bytes);

    /// <summary>Answers a word.</summary>
    public async ValueTask<string?> AnswerAsync(string word, CancellationToken cancellationToken)
    {
        _ = cancellationToken;
        _ = port;
        await Task.CompletedTask.ConfigureAwait(false);
        return word == "ruok" ? "imok" : "This ZooKeeper instance is not currently serving requests\n";
    }
}
