using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Zab.Tidy.Tests.Rules;

/// <summary>A test's name is a sentence; a test does not sleep, and is not skipped.</summary>
internal static partial class TestHabits
{
    private static readonly HashSet<string> s_sleeps = ["Thread.Sleep", "Task.Delay"];

    public static IEnumerable<string> Findings(SourceFile file) =>
        file.Root.DescendantNodes().SelectMany(node => node switch
        {
            MethodDeclarationSyntax method => OfMethod(file, method),
            MemberAccessExpressionSyntax access when s_sleeps.Contains(access.ToString()) && !HasClockOfItsOwn(access) =>
                [$"{file.At(access)}: {access} makes a test wait for a clock"],
            _ => [],
        });

    /// <summary>A delay by a given clock, which is a simulated one in a test.</summary>
    private static bool HasClockOfItsOwn(MemberAccessExpressionSyntax access) =>
        access.Parent is InvocationExpressionSyntax call && call.ArgumentList.Arguments.Any(
            argument => argument.ToString().EndsWith(".TimeProvider", StringComparison.Ordinal));

    private static IEnumerable<string> OfMethod(SourceFile file, MethodDeclarationSyntax method)
    {
        string name = method.Identifier.Text;
        AttributeSyntax? test = method.AttributeLists.SelectMany(list => list.Attributes)
            .FirstOrDefault(attribute => attribute.Name.ToString() is "Fact" or "Theory");
        if (test is not null && !Sentence().IsMatch(name))
        {
            yield return $"{file.At(method)}: {name} is no sentence, as A_leader_needs_a_quorum is";
        }

        AttributeArgumentSyntax[] arguments = [.. test?.ArgumentList?.Arguments ?? []];
        if (arguments.Any(argument => argument.NameEquals?.Name.ToString() == "Skip"))
        {
            yield return $"{file.At(method)}: {name} is skipped";
        }
    }

    [GeneratedRegex("^[A-Z][A-Za-z0-9]*(_[A-Za-z0-9]+){2,}$")]
    private static partial Regex Sentence();
}
