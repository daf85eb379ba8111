using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Zab.Tidy.Tests;

/// <summary>One C# file: of the repository, or made up by a test.</summary>
/// <param name="path">The path from the root of the repository, with forward slashes.</param>
/// <param name="text">The content.</param>
internal sealed class SourceFile(string path, string text)
{
    public string Path { get; } = path;

    public string Text { get; } = text;

    public SyntaxTree Tree { get; } =
        CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.CSharp14), path);

    public CompilationUnitSyntax Root => (CompilationUnitSyntax)Tree.GetRoot();

    /// <summary>The name of the file up to its first dot.</summary>
    public string Name => System.IO.Path.GetFileName(Path).Split('.')[0];

    /// <summary>The folders between the top-level one and the file: <c>[Zab.Core, Roles]</c>.</summary>
    public IReadOnlyList<string> Folders => Path.Split('/')[1..^1];

    /// <summary>Where a node is, for a message.</summary>
    public string At(SyntaxNode node) => $"{Path}:{LineOf(node.SpanStart)}";

    /// <summary>Where a token is, for a message.</summary>
    public string At(SyntaxToken token) => $"{Path}:{LineOf(token.SpanStart)}";

    /// <summary>How many lines a node takes, without the comments before it.</summary>
    public int LinesOf(SyntaxNode node) => LineOf(node.Span.End) - LineOf(node.SpanStart) + 1;

    private int LineOf(int position) => Tree.GetText().Lines.GetLineFromPosition(position).LineNumber + 1;
}
