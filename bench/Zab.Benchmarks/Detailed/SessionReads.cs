using BenchmarkDotNet.Attributes;

namespace Zab.Benchmarks.Detailed;

/// <summary>Reads of data and stat through a session.</summary>
[InProcess]
[MemoryDiagnoser]
public class SessionReads
{
    private readonly PathRing _hot = new(1_000);
    private readonly PathRing _uniform = new(1_000_000);
    private OneServer? _server;

    /// <summary>Starts a server and creates a million znodes.</summary>
    [GlobalSetup]
    public async Task SetUpAsync()
    {
        _server = await OneServer.StartAsync();
        await _server.FillAsync(Shape.Even, _ => { });
    }

    /// <summary>Stops the server.</summary>
    [GlobalCleanup]
    public async Task CleanUpAsync() => await _server!.DisposeAsync();

    /// <summary>A read of one of 1,000 znodes.</summary>
    [Benchmark]
    public int Hot() => Read(_hot.Next());

    /// <summary>A read of one of a million.</summary>
    [Benchmark]
    public int Uniform() => Read(_uniform.Next());

    private int Read(string path)
    {
        ValueTask<ZnodeSnapshot> read = _server!.Session.GetAsync(path);
        ZnodeSnapshot node = read.IsCompletedSuccessfully ? read.Result : default;
        return node.Data!.Value.Length + node.Stat.NumChildren;
    }
}
