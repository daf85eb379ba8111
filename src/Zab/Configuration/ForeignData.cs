namespace Zab.Configuration;

/// <summary>Finds the data of an Apache ZooKeeper.</summary>
/// <remarks>Zab has a format of its own. To begin with an empty tree beside a full one would look as if all
/// data were lost. Source: ZooKeeper <c>FileTxnSnapLog</c>, which keeps its files in <c>version-2</c>.
/// </remarks>
internal static class ForeignData
{
    private const string Folder = "version-2";
    private static readonly string[] s_files = ["log.*", "snapshot.*"];

    /// <summary>The folder of such data in a data directory; null when there is none, or when Zab has a log
    /// beside it: then the directory is Zab's.</summary>
    /// <param name="directory">The data directory, which need not exist.</param>
    /// <returns>The folder.</returns>
    public static string? In(string directory)
    {
        string folder = Path.Combine(directory, Folder);
        return s_files.Any(pattern => HasFile(folder, pattern)) && !HasFile(directory, s_files[0])
            ? folder : null;
    }

    // What cannot be listed is told of by whoever opens the directory.
    private static bool HasFile(string directory, string pattern)
    {
        try
        {
            return Directory.Exists(directory) && Directory.EnumerateFiles(directory, pattern).Any();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
