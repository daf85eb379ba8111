using Xunit;
using Zab.Core.Election;
using Zab.Core.Primitives;

namespace Zab.Mutants.Tests;

public sealed class MutantTests
{
    private static readonly Vote s_oldEpoch = new(1, Zxid.Of(1, 9), new ServerId(1));
    private static readonly Vote s_newEpoch = new(2, Zxid.Of(1, 1), new ServerId(2));

    [Fact]
    public void Every_mutation_file_is_listed_with_its_title()
    {
        string folder = Path.Combine(RepositoryRoot.Folder, "tests", "Zab.Mutants", "Mutations");
        string[] files =
        [
            .. Directory.GetFiles(folder, "ZB-*.txt").Order(StringComparer.Ordinal)
                .Where(file => !File.ReadLines(file).Any(line => line.StartsWith("Scripted only:", StringComparison.Ordinal))),
        ];

        Assert.Equal(
            files.Select(file => File.ReadLines(file).First()),
            Mutant.All.Select(mutation => $"{mutation.Id} {mutation.Title}"));
        Assert.Contains(Mutant.All, mutation => mutation.Id == "ZB-12");
        Assert.Contains(Mutant.All, mutation => mutation.Id == "ZB-49");
        Assert.Contains(Mutant.All, mutation => mutation.Id == "ZB-50");
    }

    [Fact]
    public void Nothing_is_planted_by_default()
    {
        Assert.Null(Mutant.Planted);
        Assert.DoesNotContain(Mutant.All, mutation => Mutant.Is(mutation.Id));
        Assert.False(s_oldEpoch.Beats(s_newEpoch));
    }

    [Fact]
    public void A_planted_bug_is_on_its_own_thread_only()
    {
        bool planted = false;
        bool elsewhere = true;
        Thread thread = new(() =>
        {
            Mutant.Planted = "ZB-50";
            planted = s_oldEpoch.Beats(s_newEpoch) && s_newEpoch.Beats(s_oldEpoch);
            Thread other = new(() => elsewhere = s_oldEpoch.Beats(s_newEpoch));
            other.Start();
            other.Join();
        });

        thread.Start();
        thread.Join();

        Assert.True(planted);
        Assert.False(elsewhere);
    }
}
