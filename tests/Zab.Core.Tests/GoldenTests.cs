using Zab.Testing.Scripts;

namespace Zab.Core.Tests;

/// <summary>Runs every script in the folder Golden. <c>ZAB_REWRITE=1</c> rewrites the expected output: read the diff.</summary>
public sealed class GoldenTests
{
    public static TheoryData<string> Scripts
    {
        get
        {
            TheoryData<string> scripts = [];
            foreach (string path in Directory.EnumerateFiles(Folder(), "*.txt").Order(StringComparer.Ordinal))
            {
                scripts.Add(Path.GetFileNameWithoutExtension(path));
            }

            return scripts;
        }
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void The_cluster_does_what_the_script_says(string script)
    {
        string path = Path.Combine(Folder(), script + ".txt");
        string expected = File.ReadAllText(path);

        string actual = GoldenScript.Run(expected);

        if (Environment.GetEnvironmentVariable("ZAB_REWRITE") == "1")
        {
            File.WriteAllText(path, actual);
        }
        else
        {
            Assert.Equal(expected, actual);
        }

        Assert.DoesNotContain("VIOLATED", actual, StringComparison.Ordinal);
    }

    [Fact]
    public void There_are_at_least_fifteen_scripts() => Assert.InRange(Directory.GetFiles(Folder(), "*.txt").Length, 15, int.MaxValue);

    private static string Folder() => Path.Combine(RepositoryRoot.Folder, "tests", "Zab.Core.Tests", "Golden");
}
