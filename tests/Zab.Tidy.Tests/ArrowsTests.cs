using Zab.Tidy.Tests.Rules;

namespace Zab.Tidy.Tests;

public sealed class ArrowsTests
{
    [Fact]
    public void Projects_refer_downward_only()
    {
        string[] folders = ["src", "bench", "samples"];
        string[] projects = [.. folders.SelectMany(folder => Repository.Files(folder, "*.csproj"))];

        Assert.Contains("src/Zab/Zab.csproj", projects);
        Assert.Contains("bench/Zab.Benchmarks/Zab.Benchmarks.csproj", projects);
        House.IsTidy(projects.SelectMany(path => ProjectArrows.Findings(path, Repository.Read(path))));
    }

    [Theory]
    [InlineData("src/Zab.Core/Zab.Core.csproj", "../Zab.Storage/Zab.Storage.csproj", "Zab.Core must not refer to Zab.Storage")]
    [InlineData("src/Zab.Storage/Zab.Storage.csproj", "..\\Zab\\Zab.csproj", "Zab.Storage must not refer to Zab")]
    [InlineData("src/Zab.New/Zab.New.csproj", "../Zab/Zab.csproj", "not in the table of arrows")]
    [InlineData("samples/Lock/Lock.csproj", "../../src/Zab.Core/Zab.Core.csproj", "a sample uses Zab and Zab.Testing, not Zab.Core")]
    public void A_project_that_refers_upward_is_found(string path, string reference, string expected)
    {
        string content = $"""<Project><ItemGroup><ProjectReference Include="{reference}" /></ItemGroup></Project>""";

        Assert.Contains(expected, Assert.Single(ProjectArrows.Findings(path, content)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_wings_of_the_core_meet_in_the_hall_only()
    {
        IReadOnlyList<SourceFile> files = Repository.Sources("src/Zab.Core");

        Assert.Contains(files, file => file.Path == "src/Zab.Core/Messages/Message.cs");
        House.IsTidy(FolderArrows.Findings(files));
    }

    [Theory]
    [InlineData("Roles", "using Zab.Core.Tree; namespace Zab.Core.Roles; class A { Znode? x; }", "Roles must not use Znode of Tree")]
    [InlineData("Tree", "namespace Zab.Core.Tree; class A { Messages.Message? x; }", "Tree must not use Message of Messages")]
    [InlineData("Watches", "using M = Zab.Core.Messages.Message; namespace Zab.Core.Watches; class A { M? x; }", "of Messages")]
    [InlineData("Election", "namespace Zab.Core.Election; class A { object x = Roles.Leader.New().Next; }", "Next of Roles")]
    [InlineData("Roles", "namespace Zab.Core.Roles; class A { Replica? x; }", "Roles must not use Replica of the hall")]
    [InlineData("Primitives", "namespace Zab.Core.Primitives; class A { Messages.Message? x; }", "must not use Message")]
    [InlineData("Attic", "namespace Zab.Core.Attic; class A;", "the folder Attic is not in the table of arrows")]
    public void An_arrow_between_the_wings_is_found(string folder, string text, string expected)
    {
        SourceFile[] files =
        [
            new($"src/Zab.Core/{folder}/A.cs", text),
            new("src/Zab.Core/Tree/Znode.cs", "namespace Zab.Core.Tree; class Znode;"),
            new("src/Zab.Core/Messages/Message.cs", "namespace Zab.Core.Messages; class Message;"),
            new("src/Zab.Core/Roles/Leader.cs",
                "namespace Zab.Core.Roles; class Leader { public static Leader New() => new(); public int Next => 1; }"),
            new("src/Zab.Core/Replica.cs", "namespace Zab.Core; class Replica { Tree.Znode? x; Roles.Leader? y; }"),
        ];

        string[] findings = [.. FolderArrows.Findings(files)];

        Assert.Contains(findings, finding => finding.Contains(expected, StringComparison.Ordinal));
        Assert.All(findings, finding => Assert.Contains($"src/Zab.Core/{folder}/A.cs", finding, StringComparison.Ordinal));
    }

    [Fact]
    public void An_arrow_that_the_table_allows_is_no_finding()
    {
        SourceFile[] files =
        [
            new("src/Zab.Core/Requests/A.cs", "using Zab.Core.Tree; namespace Zab.Core.Requests; class A { Znode? x; string y = \"Message\"; }"),
            new("src/Zab.Core/Tree/Znode.cs", "namespace Zab.Core.Tree; class Znode;"),
        ];

        Assert.Empty(FolderArrows.Findings(files));
    }
}
