using Xunit;
using Zab.Mutants.Build;

namespace Zab.Mutants.Tests;

public sealed class WeaverTests
{
    private const string Source = "class A\n{\n    int One() => 1;\n\n    int Two() => 2;\n\n    int Two() => 2;\n}\n";

    [Fact]
    public void A_hunk_replaces_the_lines_that_it_names()
    {
        Loom loom = LoomOf(Source);

        loom.Weave(Made("""
            ZB-07a A title
            Free text.

            @@ src/A.cs
             {
            -    int One() => 1;
            +    int One() => Mutant.Is("ZB-07a") ? 2 : 1;


            """));

        Assert.Equal(
            Source.Replace("=> 1", "=> Mutant.Is(\"ZB-07a\") ? 2 : 1", StringComparison.Ordinal),
            Assert.Single(loom.Files).Value);
        Assert.Contains("(\"ZB-07a\", \"A title\"),", loom.List(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_later_mutation_sees_what_earlier_ones_made()
    {
        Loom loom = LoomOf(Source);
        loom.Weave(Made("ZB-07a One\n@@ src/A.cs\n-    int One() => 1;\n+    int One() => Mutant.Is(\"ZB-07a\") ? 2 : 1;\n"));

        loom.Weave(Made(
            "ZB-08 Two\n@@ src/A.cs\n     int One() => Mutant.Is(\"ZB-07a\") ? 2 : 1;\n+    bool B => Mutant.Is(\"ZB-08\");\n",
            "ZB-08.txt"));

        Assert.Contains("1;\n    bool B =>", Assert.Single(loom.Files).Value, StringComparison.Ordinal);
    }

    [Fact]
    public void The_end_of_a_line_may_have_blanks_and_a_line_feed_of_either_kind()
    {
        Loom loom = LoomOf(Source.Replace("\n", " \r\n", StringComparison.Ordinal));

        loom.Weave(Made("ZB-07a One\r\n@@ src/A.cs\r\n-    int One() => 1;\r\n\r\n+    // Mutant.Is(\"ZB-07a\")\r\n"));

        Assert.Contains("Mutant.Is", Assert.Single(loom.Files).Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("@@ src/B.cs\n- x\n+Mutant.Is(\"ZB-07a\")", "src/B.cs is not among the sources", 2)]
    [InlineData("@@ src/A.cs\n     int Two() => 2;\n+Mutant.Is(\"ZB-07a\")", "are 2 times in src/A.cs, at lines 5, 7", 2)]
    [InlineData("@@ src/A.cs\n     int One() => 3;\n+Mutant.Is(\"ZB-07a\")", "its first line is nowhere", 2)]
    [InlineData("@@ src/A.cs\n     int One() => 1;\n-x\n+Mutant.Is(\"ZB-07a\")", "line 4 would have to be 'x'", 2)]
    public void A_hunk_that_does_not_fit_stops_the_build(string hunk, string reason, int line)
    {
        WeaveException refusal = Assert.Throws<WeaveException>(() => LoomOf(Source).Weave(Made($"ZB-07a T\n{hunk}\n")));

        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(("ZB-07a.txt", line), (refusal.File, refusal.Line));
    }

    [Theory]
    [InlineData("ZB-7 T", "the first line")]
    [InlineData("ZB-07A T", "the first line")]
    [InlineData("ZB-07a", "the first line")]
    [InlineData("ZB-08 T", "must be named ZB-08.txt")]
    [InlineData("ZB-07a T\nno hunk", "there is no hunk")]
    [InlineData("ZB-07a T\n@@ src/A.cs\n+Mutant.Is(\"ZB-07a\")", "give it context")]
    [InlineData("ZB-07a T\n@@ src/A.cs\nx", "begins with")]
    [InlineData("ZB-07a T\n@@ src/A.cs\n x\n y", "changes nothing")]
    [InlineData("ZB-07a T\n@@ src/A.cs\n x\n+y", "no hunk asks Mutant.Is(\"ZB-07a\")")]
    [InlineData("ZB-07a T\n@@ src/A.cs\n x\n+Mutant.Is(\"ZB-08\")", "it asks for ZB-08, and is ZB-07a")]
    public void A_mutation_that_cannot_be_read_stops_the_build(string text, string reason) =>
        Assert.Contains(
            reason, Assert.Throws<WeaveException>(() => Made(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_same_bug_is_not_planted_twice()
    {
        Mutation mutation = Made("ZB-07a T\n@@ src/A.cs\n     int One() => 1;\n+// Mutant.Is(\"ZB-07a\")\n");
        Loom loom = LoomOf(Source);
        loom.Weave(mutation);

        Assert.Throws<WeaveException>(() => loom.Weave(mutation));
    }

    private static Mutation Made(string text, string file = "ZB-07a.txt") => Mutation.Parse(file, text);

    private static Loom LoomOf(string source)
    {
        Loom loom = new();
        loom.Add("src/A.cs", source);
        return loom;
    }
}
