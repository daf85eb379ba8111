using System.Net;
using System.Net.Sockets;
using System.Text;
using Zab.Tests.Hosting;

namespace Zab.Server.Tests.Words;

/// <summary>Asks a port a four-letter word, as <c>nc</c> does.</summary>
internal static class WordClient
{
    /// <summary>The whole answer, up to the end of the connection.</summary>
    public static async Task<string> AskAsync(IPEndPoint port, string word)
    {
        using TcpClient client = new();
        await client.ConnectAsync(port, Safety.Token);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(word), Safety.Token);
        using StreamReader reader = new(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(Safety.Token);
    }
}
