using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Zab.Tidy.Tests.Rules;

/// <summary>How long files, lines and methods may be.</summary>
internal static class Measures
{
    private const int FileLinesMax = 400;
    private const int ColumnsMax = 110;
    private const int MethodLinesMax = 60;

    public static IEnumerable<string> Findings(SourceFile file)
    {
        string[] lines = file.Text.TrimEnd('\n').Split('\n');
        if (lines.Length > FileLinesMax)
        {
            yield return $"{file.Path}: {lines.Length} lines, {FileLinesMax} at most; divide the file";
        }

        for (int i = 0; i < lines.Length; i++)
        {
            int columns = lines[i].TrimEnd('\r').Length;
            if (columns > ColumnsMax)
            {
                yield return $"{file.Path}:{i + 1}: {columns} columns, {ColumnsMax} at most";
            }
        }

        foreach (SyntaxNode method in file.Root.DescendantNodes().Where(IsMethod))
        {
            int length = file.LinesOf(method);
            if (length > MethodLinesMax)
            {
                yield return $"{file.At(method)}: a method of {length} lines, {MethodLinesMax} at most";
            }
        }
    }

    private static bool IsMethod(SyntaxNode node) =>
        node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax
            or BasePropertyDeclarationSyntax;
}
