namespace Zab.Storage;

/// <summary>The words of refusal, which say where the damage is and what can be done.</summary>
internal static class Damage
{
    /// <summary>Part of a store does not verify and may have been promised to others (R16).</summary>
    public static InvalidDataException At(string directory, string file, long offset, string what) => new(
        $"{Path.Combine(directory, file)} is damaged at byte {offset}: {what}. Nothing was changed. What " +
        "this server promised to the others may be lost here, so it must not start from this directory. " +
        "Bring back the files as they were; or keep the directory for inspection and let the server join " +
        "again, empty, as a new member.");

    /// <summary>The files do not fit together.</summary>
    public static InvalidDataException In(string directory, string what) => new(
        $"The files in {directory} do not fit together: {what}. Nothing was changed. If files were moved " +
        "or deleted, bring them back; or keep the directory for inspection and let the server join again, " +
        "empty, as a new member.");
}
