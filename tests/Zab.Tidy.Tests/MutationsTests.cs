using Zab.Tidy.Tests.Rules;

namespace Zab.Tidy.Tests;

public sealed class MutationsTests
{
    [Fact]
    public void What_ships_has_no_switch_for_a_bug()
    {
        IReadOnlyList<SourceFile> sources = Repository.Sources("src");
        string[] assemblies =
        [
            .. Repository.Files("src", "*.csproj")
                .Select(path => Path.Combine(AppContext.BaseDirectory, Path.GetFileNameWithoutExtension(path) + ".dll")),
        ];

        Assert.Contains(assemblies, path => path.EndsWith("Zab.Core.dll", StringComparison.Ordinal));
        House.IsTidy(sources.SelectMany(Switches.Findings));
        House.IsTidy(assemblies.SelectMany(Switches.FindingsOfAssembly));
    }

    [Theory]
    [InlineData("class A { bool x = Mutant.Is(\"ZB-12\"); }")]
    [InlineData("class A { bool x = Zab.Mutant . Is(\"ZB-12\"); }")]
    public void A_switch_in_a_source_is_found(string text) =>
        Assert.Contains("a switch", Assert.Single(Switches.Findings(new("src/A.cs", text))), StringComparison.Ordinal);

    [Fact]
    public void A_switch_in_an_assembly_is_found()
    {
        string itself = typeof(MutantOfATest).Assembly.Location;

        Assert.Contains(
            Switches.FindingsOfAssembly(itself),
            finding => finding.Contains($"{nameof(MutantOfATest)} is a switch", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_mutation_has_an_id_of_its_own_a_title_and_a_source() =>
        House.IsTidy(MutationNames.Findings(
        [
            .. Repository.Files("tests/Zab.Mutants/Mutations", "*").Select(path => (path, Repository.Read(path))),
        ]));

    [Theory]
    [InlineData("ZB-12.txt", "ZB-13 T\nSource: x\n", "expected its own id")]
    [InlineData("ZB-1.txt", "ZB-1 T\nSource: x\n", "expected its own id")]
    [InlineData("notes.md", "ZB-12 T\nSource: x\n", "expected its own id")]
    [InlineData("ZB-12.txt", "ZB-12 T\n@@ Zab.sln\n Source: x\n", "expected a line 'Source")]
    [InlineData("ZB-12b.txt", "ZB-12b T\nSource: x\n@@ src/None.cs\n", "there is no file src/None.cs")]
    public void A_mutation_without_a_good_name_is_found(string name, string text, string expected) =>
        Assert.Contains(expected, Assert.Single(MutationNames.Findings([(name, text)])), StringComparison.Ordinal);

    /// <summary>Named as what must not ship.</summary>
    private static class MutantOfATest;
}
