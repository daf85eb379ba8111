namespace Zab.Cli.Shell.Terminal;

/// <summary>How a line may go on.</summary>
/// <param name="Start">Where the word begins that is completed.</param>
/// <param name="Words">The words that may stand in its place, in order; each whole.</param>
internal readonly record struct Completion(int Start, IReadOnlyList<string> Words)
{
    /// <summary>What all of the words begin with.</summary>
    public string Common()
    {
        string common = Words.Count == 0 ? "" : Words[0];
        foreach (string word in Words)
        {
            int length = 0;
            while (length < int.Min(common.Length, word.Length) && common[length] == word[length])
            {
                length++;
            }

            common = common[..length];
        }

        return common;
    }
}
