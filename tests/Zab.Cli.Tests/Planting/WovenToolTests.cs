using Zab.Cli.Planting;

namespace Zab.Cli.Tests.Planting;

public sealed class WovenToolTests : IDisposable
{
    private static readonly DateTime s_built = new(2020, 1, 2, 0, 0, 0, DateTimeKind.Utc);
    private readonly string _root = Directory.CreateTempSubdirectory("zab").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void The_repository_is_found_from_a_folder_inside()
    {
        string inside = Directory.CreateDirectory(Path.Combine(_root, "src", "A")).FullName;

        Assert.False(RepositoryFolder.TryFind([inside], out _));
        File.WriteAllText(Path.Combine(_root, "Zab.sln"), "");

        Assert.True(RepositoryFolder.TryFind([Path.GetTempPath(), inside], out string root));
        Assert.Equal(_root, root);
    }

    [Theory]
    [InlineData("src/Zab.Core/Roles/Leader.cs", false)]
    [InlineData("src/Zab.Cli/Sim/Campaign.cs", false)]
    [InlineData("tests/Zab.Mutants/Mutations/ZB-12.txt", false)]
    [InlineData("Directory.Packages.props", false)]
    [InlineData("tests/Zab.Mutants/obj/project.assets.json", true)]
    [InlineData("src/Zab.Cli/Program.cs", true)]
    public void It_is_built_again_when_something_that_it_is_built_from_is_newer(string touched, bool isUpToDate)
    {
        string assembly = MakeRepository(touched);
        Assert.True(WovenTool.IsUpToDate(assembly, _root));

        File.SetLastWriteTimeUtc(Path.Combine(_root, touched), s_built.AddHours(1));

        Assert.Equal(isUpToDate, WovenTool.IsUpToDate(assembly, _root));
    }

    [Fact]
    public void It_is_built_again_when_a_source_has_gone_or_there_is_no_assembly()
    {
        string assembly = MakeRepository("src/Zab.Core/Roles/Leader.cs");
        Assert.False(WovenTool.IsUpToDate(assembly + ".none", _root));

        File.Delete(Path.Combine(_root, "src/Zab.Core/Roles/Leader.cs"));

        Assert.False(WovenTool.IsUpToDate(assembly, _root));
    }

    private string MakeRepository(string file)
    {
        string assembly = Path.Combine(_root, "tests/Zab.Mutants/bin/Zab.Mutants.dll");
        string[] files =
        [
            assembly, Path.Combine(_root, "tests/Zab.Mutants/Zab.Mutants.csproj"), Path.Combine(_root, file),
            Path.Combine(_root, "src/Zab.Core/A.cs"), Path.Combine(_root, "src/Zab.Storage/A.cs"),
            Path.Combine(_root, "src/Zab.Testing/A.cs"), Path.Combine(_root, "src/Zab.Cli/Sim/A.cs"),
        ];
        foreach (string path in files)
        {
            _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "");
        }

        foreach (string path in Directory.EnumerateFileSystemEntries(_root, "*", SearchOption.AllDirectories))
        {
            (Directory.Exists(path) ? new DirectoryInfo(path) : (FileSystemInfo)new FileInfo(path))
                .LastWriteTimeUtc = s_built;
        }

        return assembly;
    }
}
