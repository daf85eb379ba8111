using System.Diagnostics;
using System.Globalization;

namespace Zab.Cli.Sim;

/// <summary>Runs an assembly of this command in a process of its own.</summary>
internal static class SecondProcess
{
    /// <summary>The assemblies to compare with: this one, and its other configuration when that is built
    /// too.</summary>
    /// <param name="itself">The path of this command's assembly.</param>
    public static IReadOnlyList<string> Assemblies(string itself)
    {
        string[] others =
        [
            InConfiguration(itself, "Release", "Debug"),
            InConfiguration(itself, "Debug", "Release"),
        ];
        return [itself, .. others.Where(other => other != itself && File.Exists(other))];
    }

    /// <summary>How to start an assembly.</summary>
    public static ProcessStartInfo Start(string assembly, params IEnumerable<string> arguments) =>
        new(Host(), ["exec", assembly, .. arguments]) { UseShellExecute = false };

    /// <summary>The program <c>dotnet</c> that runs this process.</summary>
    public static string Host()
    {
        string name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        string ofRuntime = Path.GetFullPath(
            Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", "..", name));
        return Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } told ? told
            : File.Exists(ofRuntime) ? ofRuntime
            : name;
    }

    /// <summary>Each seed's trace hash, as the other process says.</summary>
    public static IEnumerable<(ulong Seed, ulong Hash)> Hashes(
        string assembly, SimRequest request, long seeds, CancellationToken stop)
    {
        List<string> arguments = ["sim", "--hashes", "--start", $"{request.Start}", "--seeds", $"{seeds}"];
        arguments.AddRange(["--threads", $"{request.Threads}"]);
        arguments.AddRange(request.Servers is { } servers ? ["--servers", $"{servers}"] : []);
        arguments.AddRange(request.Observers is { } observers ? ["--observers", $"{observers}"] : []);
        arguments.AddRange(request.Mutation is { } mutation ? ["--mutation", mutation] : []);
        ProcessStartInfo start = Start(assembly, arguments);
        start.RedirectStandardOutput = true;
        using Process process = Process.Start(start)!;
        using CancellationTokenRegistration registration = stop.Register(process.Kill);
        while (process.StandardOutput.ReadLine() is { } line)
        {
            string[] parts = line.Split(' ');
            if (parts.Length == 2 && ulong.TryParse(parts[0], CultureInfo.InvariantCulture, out ulong seed)
                && ulong.TryParse(parts[1], NumberStyles.HexNumber, null, out ulong hash))
            {
                yield return (seed, hash);
            }
        }

        process.WaitForExit();
    }

    private static string InConfiguration(string path, string from, string to)
    {
        char slash = Path.DirectorySeparatorChar;
        return path.Replace(
            $"{slash}bin{slash}{from}{slash}", $"{slash}bin{slash}{to}{slash}", StringComparison.Ordinal);
    }
}
