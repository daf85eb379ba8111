namespace Zab.Cli.Planting;

/// <summary>Finds the repository of Zab around this program or the user.</summary>
internal static class RepositoryFolder
{
    private const string Solution = "Zab.sln";

    /// <summary>The folder of Zab.sln, in or above one of the places.</summary>
    public static bool TryFind(IEnumerable<string> places, out string root)
    {
        foreach (string place in places)
        {
            for (DirectoryInfo? folder = new(place); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, Solution)))
                {
                    root = folder.FullName;
                    return true;
                }
            }
        }

        root = "";
        return false;
    }
}
