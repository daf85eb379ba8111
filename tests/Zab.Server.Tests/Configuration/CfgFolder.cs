using System.Net;
using System.Net.Sockets;

namespace Zab.Server.Tests.Configuration;

/// <summary>A directory with a <c>zoo.cfg</c>, for one test.</summary>
internal sealed class CfgFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("zab-server-").FullName;

    /// <summary>A port that nobody listens on.</summary>
    public static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Writes a file; DIR stands for the directory.</summary>
    /// <returns>Its path.</returns>
    public string Write(string text, string name = "zoo.cfg")
    {
        string path = System.IO.Path.Combine(Path, name);
        File.WriteAllText(path, text.Replace("DIR", Path, StringComparison.Ordinal));
        return path;
    }

    public ZooKeeperServerOptions Read(string text) => ZooKeeperServerOptions.FromZooCfg(Write(text));

    public ZabConfigurationException Refused(string text) =>
        Assert.Throws<ZabConfigurationException>(() => Read(text));

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
