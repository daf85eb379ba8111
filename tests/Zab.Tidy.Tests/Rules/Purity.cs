using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Zab.Tidy.Tests.Rules;

/// <summary>Zab.Core is pure: the same facts in give the same Ready out (R24).</summary>
/// <remarks>Judged by words of code, so that comments and strings do not count. It goes with
/// BannedSymbols.txt, which judges calls and not declarations.</remarks>
internal static class Purity
{
    private static readonly HashSet<string> s_banned =
    [
        "async", "await", "lock", "volatile", "Task", "Thread", "Monitor", "Interlocked", "DateTime",
        "DateTimeOffset", "TimeProvider", "Random", "Guid", "Stopwatch", "Environment", "Console", "File",
        "FileStream",
    ];

    /// <summary>The ports are asynchronous, as others implement them outside of the core.</summary>
    private static readonly HashSet<string> s_bannedButInPorts = ["ValueTask", "CancellationToken"];

    public static IEnumerable<string> Findings(SourceFile file) =>
        BannedWords(file).Concat(MutableStatics(file)).Concat(GlobalUsings(file));

    private static IEnumerable<string> BannedWords(SourceFile file)
    {
        bool isPort = file.Folders is [_, "Ports", ..];
        return file.Root.DescendantTokens()
            .Where(token => s_banned.Contains(token.Text)
                || (!isPort && s_bannedButInPorts.Contains(token.Text)))
            .Select(token => $"{file.At(token)}: '{token.Text}' has no place in the core");
    }

    private static IEnumerable<string> MutableStatics(SourceFile file)
    {
        IEnumerable<SyntaxNode> fields = file.Root.DescendantNodes().OfType<FieldDeclarationSyntax>()
            .Where(field => Has(field, SyntaxKind.StaticKeyword) && !Has(field, SyntaxKind.ReadOnlyKeyword));
        IEnumerable<SyntaxNode> properties = file.Root.DescendantNodes().OfType<PropertyDeclarationSyntax>()
            .Where(property => Has(property, SyntaxKind.StaticKeyword) && HasSetter(property));
        return fields.Concat(properties).Select(member => $"{file.At(member)}: static state that can change");
    }

    private static IEnumerable<string> GlobalUsings(SourceFile file) =>
        file.Root.Usings.Where(directive => directive.GlobalKeyword.IsKind(SyntaxKind.GlobalKeyword))
            .Select(directive => $"{file.At(directive)}: a global using; a file of the core lists its own");

    private static bool Has(MemberDeclarationSyntax member, SyntaxKind modifier) =>
        member.Modifiers.Any(modifier);

    private static bool HasSetter(PropertyDeclarationSyntax property) =>
        property.AccessorList?.Accessors.Any(SyntaxKind.SetAccessorDeclaration) == true;
}
