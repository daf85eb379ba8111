using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Zab.Tidy.Tests.Rules;

/// <summary>Which folder of Zab.Core may use which. West and east never meet but in the hall, and nobody uses
/// the hall.</summary>
/// <remarks>Judged by what each name means, so a qualified name or an alias hides nothing. The hall is the
/// files directly in Zab.Core.</remarks>
internal static class FolderArrows
{
    private const string Core = "Zab.Core";
    private const string Hall = "the hall";

    private static readonly string[] s_ground = ["Primitives", "Messages"];

    private static readonly Dictionary<string, string[]> s_allowed = new()
    {
        ["Primitives"] = [],
        ["Messages"] = ["Primitives"],
        ["Ports"] = [.. s_ground],
        ["Quorum"] = [.. s_ground, "Ports"],
        ["Election"] = [.. s_ground, "Ports", "Quorum"],
        ["Recovery"] = [.. s_ground, "Ports", "Quorum", "Election"],
        ["Broadcast"] = [.. s_ground, "Ports", "Quorum", "Election", "Recovery"],
        ["Roles"] = [.. s_ground, "Ports", "Quorum", "Election", "Recovery", "Broadcast"],
        ["Access"] = ["Primitives"],
        ["Tree"] = ["Primitives", "Access"],
        ["Watches"] = ["Primitives", "Tree"],
        ["Sessions"] = ["Primitives", "Tree"],
        ["Requests"] = ["Primitives", "Access", "Tree", "Watches", "Sessions"],
    };

    /// <summary>Judges all files of Zab.Core together.</summary>
    public static IEnumerable<string> Findings(IReadOnlyList<SourceFile> files)
    {
        Compilation compilation = CSharpCompilation.Create(
            Core,
            files.Select(file => file.Tree),
            PlatformReferences(),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        return files.SelectMany(file => Findings(file, compilation)).Distinct();
    }

    private static IEnumerable<string> Findings(SourceFile file, Compilation compilation)
    {
        string from = FolderOf(file.Folders);
        if (from == Hall)
        {
            return [];
        }

        if (!s_allowed.TryGetValue(from, out string[]? allowed))
        {
            return [$"{file.Path}: the folder {from} is not in the table of arrows"];
        }

        SemanticModel model = compilation.GetSemanticModel(file.Tree);
        return file.Root.DescendantNodes().OfType<SimpleNameSyntax>()
            .Select(name => (Name: name, Folder: FolderOf(model.GetSymbolInfo(name).Symbol)))
            .Where(use => use.Folder is not null && use.Folder != from && !allowed.Contains(use.Folder))
            .Select(use => $"{file.At(use.Name)}: {from} must not use {use.Name} of {use.Folder}");
    }

    /// <summary>The folder that declares a symbol; null when it is not of Zab.Core.</summary>
    private static string? FolderOf(ISymbol? symbol)
    {
        INamespaceSymbol? space = symbol is INamespaceSymbol itself ? itself : symbol?.ContainingNamespace;
        bool isOurs = symbol is INamespaceSymbol || symbol?.ContainingAssembly?.Name == Core;
        string name = space?.ToDisplayString() ?? "";
        return symbol is INamespaceSymbol && name == Core ? null
            : isOurs && (name == Core || name.StartsWith(Core + ".", StringComparison.Ordinal))
                ? FolderOf(name.Split('.')[1..])
            : null;
    }

    /// <summary>The first folder below the project; <see cref="Hall"/> when there is none.</summary>
    private static string FolderOf(IReadOnlyList<string> parts) => parts.Count > 1 ? parts[1] : Hall;

    private static IEnumerable<MetadataReference> PlatformReferences() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path));
}
