using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Zab.Tidy.Tests.Rules;

/// <summary>What an assembly shows to its users, as sorted text.</summary>
/// <remarks>Read from the built assembly. What the compiler adds to a record is left out.</remarks>
internal static class PublicSurface
{
    private static readonly SymbolDisplayFormat s_memberFormat = new(
        SymbolDisplayGlobalNamespaceStyle.Omitted,
        SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeVariance
            | SymbolDisplayGenericsOptions.IncludeTypeConstraints,
        SymbolDisplayMemberOptions.IncludeAccessibility | SymbolDisplayMemberOptions.IncludeModifiers
            | SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeType
            | SymbolDisplayMemberOptions.IncludeRef | SymbolDisplayMemberOptions.IncludeConstantValue
            | SymbolDisplayMemberOptions.IncludeExplicitInterface,
        SymbolDisplayDelegateStyle.NameAndSignature,
        SymbolDisplayExtensionMethodStyle.StaticMethod,
        SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName
            | SymbolDisplayParameterOptions.IncludeDefaultValue
            | SymbolDisplayParameterOptions.IncludeParamsRefOut
            | SymbolDisplayParameterOptions.IncludeExtensionThis,
        SymbolDisplayPropertyStyle.ShowReadWriteDescriptor,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes
            | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier
            | SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers);

    private static readonly SymbolDisplayFormat s_typeFormat = s_memberFormat
        .WithKindOptions(SymbolDisplayKindOptions.IncludeTypeKeyword)
        .WithMemberOptions(s_memberFormat.MemberOptions & ~SymbolDisplayMemberOptions.IncludeAccessibility);

    /// <summary>The surface of the assembly at <paramref name="path"/>.</summary>
    public static string Of(string path)
    {
        Compilation reader = CSharpCompilation.Create("reader", references: References(path));
        MetadataReference reference = reader.References.First(
            candidate => Path.GetFileName(candidate.Display) == Path.GetFileName(path));
        IAssemblySymbol assembly = (IAssemblySymbol)reader.GetAssemblyOrModuleSymbol(reference)!;
        return TextOf(assembly.GlobalNamespace);
    }

    /// <summary>The surface of all types of a namespace and below.</summary>
    public static string TextOf(INamespaceSymbol space)
    {
        IEnumerable<string> types = Types(space).Where(IsVisible)
            .OrderBy(type => type.ToDisplayString(), StringComparer.Ordinal)
            .Select(type => string.Concat(Lines(type).Select(line => line + "\n")));
        return string.Join('\n', types);
    }

    private static IEnumerable<INamedTypeSymbol> Types(INamespaceOrTypeSymbol container) =>
        container.GetTypeMembers().SelectMany(type => Types(type).Prepend(type))
            .Concat(container is INamespaceSymbol space ? space.GetNamespaceMembers().SelectMany(Types) : []);

    private static IEnumerable<string> Lines(INamedTypeSymbol type)
    {
        INamedTypeSymbol[] parents = type.BaseType is { SpecialType: SpecialType.None } parent ? [parent] : [];
        string[] bases =
        [
            .. parents.Concat(type.Interfaces.Where(IsVisible).OrderBy(face => face.Name, StringComparer.Ordinal))
                .Select(parent => parent.ToDisplayString(s_memberFormat)),
        ];
        string modifiers = type switch
        {
            { TypeKind: TypeKind.Class, IsStatic: true } => "static ",
            { TypeKind: TypeKind.Class, IsAbstract: true } => "abstract ",
            { TypeKind: TypeKind.Class, IsSealed: true } => "sealed ",
            _ => "",
        };
        yield return modifiers + type.ToDisplayString(s_typeFormat)
            + (bases.Length > 0 ? " : " + string.Join(", ", bases) : "");
        foreach (string member in type.GetMembers().Where(IsShown)
            .Select(member => (member.Name, Text: member.ToDisplayString(s_memberFormat)))
            .OrderBy(member => member.Name, StringComparer.Ordinal)
            .ThenBy(member => member.Text, StringComparer.Ordinal)
            .Select(member => member.Text))
        {
            yield return "    " + member;
        }
    }

    private static bool IsShown(ISymbol member) =>
        member is not INamedTypeSymbol && IsVisible(member) && !IsMadeByCompiler(member)
        && member is not IMethodSymbol { AssociatedSymbol: not null }
        && member is not IMethodSymbol
        {
            MethodKind: MethodKind.Constructor, ContainingType.IsValueType: true, Parameters.Length: 0,
        };

    private static bool IsVisible(ISymbol symbol) =>
        symbol.DeclaredAccessibility
            is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal
        && (symbol.ContainingType is null || IsVisible(symbol.ContainingType))
        && !(symbol.DeclaredAccessibility != Accessibility.Public && symbol.ContainingType?.IsSealed == true);

    private static bool IsMadeByCompiler(ISymbol member) =>
        HasMark(member)
        || (member is IPropertySymbol { Name: "EqualityContract", GetMethod: { } getter } && HasMark(getter));

    private static bool HasMark(ISymbol symbol) =>
        symbol.GetAttributes()
            .Any(attribute => attribute.AttributeClass?.Name == nameof(CompilerGeneratedAttribute));

    private static IEnumerable<MetadataReference> References(string path) =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Append(path)
            .DistinctBy(Path.GetFileName)
            .Select(file => MetadataReference.CreateFromFile(file));
}
