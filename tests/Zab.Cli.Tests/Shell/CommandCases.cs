namespace Zab.Cli.Tests.Shell;

/// <summary>What is typed, and what is printed: one case or more for each command and each of its
/// options.</summary>
internal static partial class CommandCases
{
    /// <summary>All cases.</summary>
    public static TheoryData<string, string> All
    {
        get
        {
            TheoryData<string, string> all = [];
            foreach ((string typed, string expected) in
                (IEnumerable<(string, string)>)[.. s_reads, .. s_writes, .. s_access, .. s_quotas, .. s_others])
            {
                all.Add(typed, expected);
            }

            return all;
        }
    }
}
