namespace Zab.Tidy.Tests;

/// <summary>The files of this repository, as they lie on the disk.</summary>
internal static class Repository
{
    public static string Root { get; } = RepositoryRoot.Folder;

    /// <summary>Whether golden files are written anew instead of compared.</summary>
    public static bool Rewrites => Environment.GetEnvironmentVariable("ZAB_REWRITE") == "1";

    /// <summary>The C# files that people wrote in a top-level folder.</summary>
    public static IReadOnlyList<SourceFile> Sources(params ReadOnlySpan<string> folders)
    {
        List<SourceFile> files = [];
        foreach (string folder in folders)
        {
            files.AddRange(Files(folder, "*.cs").Select(path => new SourceFile(path, Read(path))));
        }

        return files;
    }

    /// <summary>Paths relative to the root, with forward slashes, sorted; without what the build
    /// made.</summary>
    public static IEnumerable<string> Files(string folder, string pattern)
    {
        string directory = Path.Combine(Root, folder);
        return !Directory.Exists(directory) ? []
            : Directory.EnumerateFiles(directory, pattern, SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
                .Where(path => !path.Contains("/bin/", StringComparison.Ordinal)
                    && !path.Contains("/obj/", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal);
    }

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));
}
