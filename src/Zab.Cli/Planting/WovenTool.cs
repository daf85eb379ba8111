using System.Diagnostics;
using System.Runtime.InteropServices;
using Zab.Cli.Sim;

namespace Zab.Cli.Planting;

/// <summary>Runs <c>tests/Zab.Mutants</c>, the flavour of the simulator in which known bugs can be planted,
/// and builds it when needed.</summary>
internal static class WovenTool
{
    private const string Project = "tests/Zab.Mutants";

    /// <summary>What the project is built from, besides itself.</summary>
    private static readonly string[] s_sources =
        [Project, "src/Zab.Core", "src/Zab.Storage", "src/Zab.Testing", "src/Zab.Cli/Sim"];

    /// <summary>Runs it with the same arguments; its output and its exit code are ours.</summary>
    public static int Run(string[] arguments, TextWriter error)
    {
        string[] places = [AppContext.BaseDirectory, Environment.CurrentDirectory];
        if (!RepositoryFolder.TryFind(places, out string root))
        {
            error.WriteLine(
                "zab: bugs can be planted only inside the repository of Zab, for what ships has no switch. "
                + $"There is no Zab.sln in or above {places[0]} or {places[1]}.");
            return ExitCode.Unusable;
        }

        string assembly = Path.Combine(root, Project, "bin", "Release", "net10.0", "Zab.Mutants.dll");
        if (!IsUpToDate(assembly, root) && !TryBuild(root, error))
        {
            error.WriteLine($"zab: {Project} could not be built");
            return ExitCode.Unusable;
        }

        // Ctrl+C reaches the other process too: it ends in order, and this one after it.
        using PosixSignalRegistration ignored = PosixSignalRegistration.Create(
            PosixSignal.SIGINT, context => context.Cancel = true);
        using Process process = Process.Start(SecondProcess.Start(assembly, arguments))!;
        using PosixSignalRegistration passedOn = PosixSignalRegistration.Create(
            PosixSignal.SIGTERM, context => PassOn(context, process));
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>Whether nothing that it is built from is newer than the assembly.</summary>
    /// <remarks>A file that was added or removed makes its folder newer.</remarks>
    public static bool IsUpToDate(string assembly, string root)
    {
        if (!File.Exists(assembly))
        {
            return false;
        }

        DateTime built = File.GetLastWriteTimeUtc(assembly);
        IEnumerable<FileSystemInfo> shared = new DirectoryInfo(root).EnumerateFiles("Directory.*");
        return s_sources.Select(source => new DirectoryInfo(Path.Combine(root, source)))
            .SelectMany(Inputs).Concat(shared)
            .All(input => input.LastWriteTimeUtc <= built);
    }

    /// <summary>Asks the other process to end; this one ends after it.</summary>
    private static void PassOn(PosixSignalContext context, Process process)
    {
        context.Cancel = true;
        if (OperatingSystem.IsWindows())
        {
            process.Kill();
        }
        else
        {
            using Process request = Process.Start("kill", ["-TERM", $"{process.Id}"]);
            request.WaitForExit();
        }
    }

    private static IEnumerable<FileSystemInfo> Inputs(DirectoryInfo folder)
    {
        // The project's own folder changes when bin and obj come into being.
        bool isProject = folder.EnumerateFiles("*.csproj").Any();
        IEnumerable<FileSystemInfo> itself = isProject ? [] : [folder];
        return itself.Concat(folder.EnumerateFiles())
            .Concat(folder.EnumerateDirectories().Where(inner => inner.Name is not ("bin" or "obj"))
                .SelectMany(Inputs));
    }

    private static bool TryBuild(string root, TextWriter error)
    {
        error.WriteLine($"building {Project} ...");
        ProcessStartInfo start = new(
            SecondProcess.Host(),
            ["build", Path.Combine(root, Project), "-c", "Release", "--nologo", "-v", "minimal"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            error.WriteLine(line);
        }

        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
