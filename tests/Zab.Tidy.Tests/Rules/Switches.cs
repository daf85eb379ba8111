using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;

namespace Zab.Tidy.Tests.Rules;

/// <summary>What ships has no switch that turns a bug on: switches are woven into copies of the sources, in
/// tests/Zab.Mutants.</summary>
internal static partial class Switches
{
    private const string Switch = "Mutant";

    /// <summary>Judges one source under <c>src</c>.</summary>
    public static IEnumerable<string> Findings(SourceFile file) =>
        file.Text.Split('\n').Index()
            .Where(line => Use().IsMatch(line.Item))
            .Select(line => $"{file.Path}:{line.Index + 1}: a switch of a mutation");

    /// <summary>Judges one built assembly by the names in it.</summary>
    public static IEnumerable<string> FindingsOfAssembly(string path)
    {
        using PEReader file = new(File.OpenRead(path));
        MetadataReader reader = file.GetMetadataReader();
        string[] names =
        [
            .. reader.TypeDefinitions.Select(handle => reader.GetString(reader.GetTypeDefinition(handle).Name)),
            .. reader.TypeReferences.Select(handle => reader.GetString(reader.GetTypeReference(handle).Name)),
            .. reader.MethodDefinitions.Select(handle => reader.GetString(reader.GetMethodDefinition(handle).Name)),
            .. reader.FieldDefinitions.Select(handle => reader.GetString(reader.GetFieldDefinition(handle).Name)),
            .. reader.PropertyDefinitions
                .Select(handle => reader.GetString(reader.GetPropertyDefinition(handle).Name)),
            .. reader.EventDefinitions.Select(handle => reader.GetString(reader.GetEventDefinition(handle).Name)),
            .. reader.MemberReferences.Select(handle => reader.GetString(reader.GetMemberReference(handle).Name)),
        ];
        return names.Where(name => name.StartsWith(Switch, StringComparison.Ordinal)).Distinct()
            .Select(name => $"{Path.GetFileName(path)}: {name} is a switch of a mutation");
    }

    [GeneratedRegex(@"\bMutant\s*\.")]
    private static partial Regex Use();
}
