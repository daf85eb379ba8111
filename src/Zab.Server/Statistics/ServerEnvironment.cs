using System.Globalization;
using System.Runtime;
using System.Runtime.InteropServices;

namespace Zab.Server.Statistics;

/// <summary>The process and the machine that a server runs on, under ZooKeeper's names where there are
/// some.</summary>
internal static class ServerEnvironment
{
    /// <summary>Names and values, in order.</summary>
    public static IEnumerable<(string Name, string Value)> All
    {
        get
        {
            GCMemoryInfo memory = GC.GetGCMemoryInfo();
            return
            [
                ("zookeeper.version", ServerFacts.Version),
                ("host.name", Environment.MachineName),
                ("dotnet.version", Environment.Version.ToString()),
                ("dotnet.runtime", RuntimeInformation.FrameworkDescription),
                ("os.name", OperatingSystem.IsLinux() ? "Linux" : RuntimeInformation.OSDescription),
                ("os.arch", RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()),
                ("os.version", Environment.OSVersion.Version.ToString()),
                ("user.name", Environment.UserName),
                ("user.dir", Environment.CurrentDirectory),
                ("os.memory.free", Megabytes(memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes)),
                ("os.memory.max", Megabytes(memory.TotalAvailableMemoryBytes)),
                ("os.memory.total", Megabytes(GC.GetTotalMemory(forceFullCollection: false))),
            ];
        }
    }

    /// <summary>How the runtime is set up, under the names of its own configuration.</summary>
    public static IEnumerable<(string Name, string Value)> Runtime =>
    [
        ("file.separator", Path.DirectorySeparatorChar.ToString()),
        ("path.separator", Path.PathSeparator.ToString()),
        ("line.separator", Environment.NewLine),
        ("System.GC.Server", GCSettings.IsServerGC ? "true" : "false"),
        ("System.GC.Concurrent", GCSettings.LatencyMode is GCLatencyMode.Batch ? "false" : "true"),
        ("System.GC.LatencyMode", GCSettings.LatencyMode.ToString()),
        ("user.timezone", TimeZoneInfo.Local.Id),
    ];

    /// <summary>How many file descriptors the process has open, and may have; null where that cannot be
    /// told.</summary>
    public static (long Open, long Max)? FileDescriptors()
    {
        const string Limit = "Max open files";
        try
        {
            string? line = File.ReadLines("/proc/self/limits")
                .FirstOrDefault(line => line.StartsWith(Limit, StringComparison.Ordinal));
            string? soft = line?[Limit.Length..]
                .Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
            return long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out long max)
                ? (Directory.EnumerateFileSystemEntries("/proc/self/fd").LongCount(), max)
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Megabytes(long bytes) =>
        string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, bytes) >> 20}MB");
}
