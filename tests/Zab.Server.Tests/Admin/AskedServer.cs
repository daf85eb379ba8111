using System.Text.Json;
using Zab.Server.Tests.Configuration;
using Zab.Tests.Hosting;

namespace Zab.Server.Tests.Admin;

/// <summary>A server that is alone and answers over HTTP, and who asks it.</summary>
internal sealed class AskedServer : IAsyncDisposable
{
    private readonly CfgFolder _folder = new();

    private AskedServer()
    {
    }

    public ZooKeeperServer Server { get; private set; } = null!;

    public HttpClient Http { get; } = new();

    /// <summary>Starts it, with these lines in its <c>zoo.cfg</c>; DIR stands for its directory.</summary>
    public static async Task<AskedServer> StartAsync(
        string lines = "", Func<ZabNodeOptions, ZabNodeOptions>? change = null)
    {
        AskedServer asked = new();
        ZooKeeperServerOptions options = asked._folder.Read(
            $"dataDir=DIR/data\nclientPort=2181\nclientPortAddress=127.0.0.1\nadmin.enableServer=true\n{lines}");
        asked.Server = await ZooKeeperServer.StartAsync(
            options with
            {
                Node = (change ?? (node => node))(options.Node),
                Port = options.Port with { Port = 0 },
                Admin = options.Admin! with { Port = 0 },
            },
            Safety.Token);
        await asked.Server.Node.WaitUntilServingAsync(Safety.Token);
        return asked;
    }

    /// <summary>Where a path is, which begins with a slash.</summary>
    public Uri At(string path) => new($"http://{Server.AdminEndPoint}{path}");

    /// <summary>The text of an answer.</summary>
    public Task<string> GetAsync(string command) =>
        Http.GetStringAsync(At($"/commands{command}"), Safety.Token);

    /// <summary>The members of an answer.</summary>
    public async Task<JsonElement> AskAsync(string command)
    {
        using JsonDocument answer = JsonDocument.Parse(await GetAsync($"/{command}"));
        return answer.RootElement.Clone();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Server.DisposeAsync();
        _folder.Dispose();
    }
}
