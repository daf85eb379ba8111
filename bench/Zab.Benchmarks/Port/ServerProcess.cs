using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Zab.Benchmarks.Port;

/// <summary>Servers in a process of their own, so that their memory is theirs alone.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process, IPEndPoint[] endPoints) =>
        (_process, EndPoints) = (process, endPoints);

    /// <summary>Where they listen for clients.</summary>
    public IPEndPoint[] EndPoints { get; }

    /// <summary>What the process occupies, in megabytes (10^6 bytes).</summary>
    public double Megabytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1e6;
        }
    }

    /// <summary>Whether it still runs.</summary>
    public bool IsAlive => !_process.HasExited;

    /// <summary>Starts this program once more, as servers.</summary>
    public static async Task<ServerProcess> StartAsync(int servers)
    {
        Process process = Children.Start("serve", servers.ToString(CultureInfo.InvariantCulture));
        string line = await process.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException("the servers did not start");
        return new ServerProcess(process, [.. line.Split(' ').Select(IPEndPoint.Parse)]);
    }

    /// <summary>Ends them.</summary>
    public void Dispose()
    {
        Children.End(_process);
        _process.Dispose();
    }
}
