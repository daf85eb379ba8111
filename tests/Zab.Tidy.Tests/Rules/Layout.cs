using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Zab.Tidy.Tests.Rules;

/// <summary>A file's place and name tell what is in it: namespace = folders, main type = name.</summary>
internal static class Layout
{
    /// <summary>A type of this many lines may stand beside the main type that it serves.</summary>
    private const int CompanionLinesMax = 20;

    public static IEnumerable<string> Findings(SourceFile file)
    {
        MemberDeclarationSyntax[] types =
        [
            .. file.Root.DescendantNodes(IsOutsideTypes).OfType<MemberDeclarationSyntax>()
                .Where(member => member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax),
        ];
        bool isProgram = file.Root.Members.Any(member => member is GlobalStatementSyntax);
        if (types.Length == 0 || isProgram)
        {
            yield break;
        }

        string expected = string.Join('.', file.Folders);
        FileScopedNamespaceDeclarationSyntax? space =
            file.Root.Members.OfType<FileScopedNamespaceDeclarationSyntax>().SingleOrDefault();
        if (space?.Name.ToString() != expected)
        {
            yield return $"{file.Path}: expected the file-scoped namespace {expected}";
        }

        if (types.All(type => NameOf(type) != file.Name))
        {
            yield return $"{file.Path}: expected a type named {file.Name}";
        }

        foreach (MemberDeclarationSyntax type in types.Where(type => NameOf(type) != file.Name))
        {
            int length = file.LinesOf(type);
            if (length > CompanionLinesMax)
            {
                yield return $"{file.At(type)}: {NameOf(type)} has {length} lines; give it a file of its own";
            }
        }
    }

    private static bool IsOutsideTypes(SyntaxNode node) =>
        node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax;

    private static string NameOf(MemberDeclarationSyntax type) => type switch
    {
        BaseTypeDeclarationSyntax declaration => declaration.Identifier.Text,
        DelegateDeclarationSyntax declaration => declaration.Identifier.Text,
        _ => "",
    };
}
