#pragma warning disable IDE0130 // One file, linked into every test project: it is in no folder of theirs.
namespace Zab;

/// <summary>Where the repository lies: found from where the tests run, as a deterministic build knows no paths of sources.</summary>
internal static class RepositoryRoot
{
    /// <summary>The folder of Zab.sln.</summary>
    public static string Folder { get; } = Find();

    private static string Find()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Zab.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName
            ?? throw new InvalidOperationException("These tests run inside the repository.");
    }
}
