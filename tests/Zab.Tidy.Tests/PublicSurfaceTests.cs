using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Zab.Tidy.Tests.Rules;

namespace Zab.Tidy.Tests;

/// <remarks>To accept a change of the surface, run with <c>ZAB_REWRITE=1</c> and read the diff.</remarks>
public sealed class PublicSurfaceTests
{
    [Theory]
    [InlineData("Zab")]
    [InlineData("Zab.Client")]
    [InlineData("Zab.Core")]
    [InlineData("Zab.Server")]
    [InlineData("Zab.Storage")]
    [InlineData("Zab.Wire")]
    [InlineData("Zab.Transport.Grpc")]
    [InlineData("Zab.Testing")]
    public void The_public_surface_is_the_recorded_one(string assembly)
    {
        string golden = Path.Combine(Repository.Root, "tests", "Zab.Tidy.Tests", "PublicApi", $"{assembly}.txt");
        string surface = PublicSurface.Of(Path.Combine(AppContext.BaseDirectory, $"{assembly}.dll"));

        if (Repository.Rewrites)
        {
            File.WriteAllText(golden, surface);
        }

        Assert.Equal(File.ReadAllText(golden), surface, ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void What_users_can_reach_is_in_the_surface_and_nothing_else()
    {
        CSharpCompilation made = CSharpCompilation.Create("made", [CSharpSyntaxTree.ParseText("""
            namespace N;
            public abstract class A : I { public int P { get; init; } protected A(string? s = null) { } private int _x; }
            public interface I { }
            internal class Hidden { public int P { get; set; } }
            public enum E { One = 1 }
            public static class S { public const int C = 3; internal static void M() { } public class Inner { } }
            """)], [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)]);

        string surface = PublicSurface.TextOf(made.Assembly.GlobalNamespace);

        Assert.Equal(
            """
            abstract class N.A : N.I
                protected A(string? s = null)
                public int P { get; init; }

            enum N.E
                One = 1

            interface N.I

            static class N.S
                public const int C = 3

            class N.S.Inner
                public Inner()

            """,
            surface,
            ignoreLineEndingDifferences: true);
    }
}
