using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Zab.Tidy.Tests.Rules;

/// <summary>A test's name is a sentence; a test does not sleep, and is not skipped.</summary>
internal static partial class TestHabits
{
    private static readonly HashSet<string> s_sleeps = ["Thread.Sleep", "Task.Delay"];

    public static IEnumerable<string> Findings(SourceFile file)
    {
        foreach (MethodDeclarationSyntax method in file.Root.DescendantNodes().OfType<MethodDeclarationSyntax>())
        {
            AttributeSyntax? attribute = method.AttributeLists.SelectMany(list => list.Attributes)
                .FirstOrDefault(attribute => attribute.Name.ToString() is "Fact" or "Theory");
            if (attribute is null)
            {
                continue;
            }

            if (!Sentence().IsMatch(method.Identifier.Text))
            {
                yield return $"{file.At(method)}: {method.Identifier.Text} is no sentence, as A_leader_needs_a_quorum is";
            }

            if (attribute.ArgumentList?.Arguments.Any(argument => argument.NameEquals?.Name.ToString() == "Skip") == true)
            {
                yield return $"{file.At(attribute)}: {method.Identifier.Text} is skipped";
            }
        }

        foreach (MemberAccessExpressionSyntax access in file.Root.DescendantNodes().OfType<MemberAccessExpressionSyntax>())
        {
            if (s_sleeps.Contains(access.ToString()))
            {
                yield return $"{file.At(access)}: {access} makes a test wait for a clock";
            }
        }
    }

    [GeneratedRegex("^[A-Z][A-Za-z0-9]*(_[A-Za-z0-9]+){2,}$")]
    private static partial Regex Sentence();
}
