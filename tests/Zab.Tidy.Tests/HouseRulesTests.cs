using Zab.Tidy.Tests.Rules;

namespace Zab.Tidy.Tests;

public sealed class HouseRulesTests
{
    private static readonly IReadOnlyList<SourceFile> s_sources = Repository.Sources("src", "bench", "samples");

    [Fact]
    public void Files_lines_and_methods_are_short()
    {
        Assert.NotEmpty(s_sources);
        House.IsTidy(s_sources.SelectMany(Measures.Findings));
    }

    [Fact]
    public void A_long_file_is_found() =>
        AssertFinds(Measures.Findings(Made(new string('\n', 400) + "class A;")), "401 lines, 400 at most");

    [Fact]
    public void A_wide_line_is_found() =>
        AssertFinds(Measures.Findings(Made("\n//" + new string('x', 109))), "A.cs:2: 111 columns, 110 at most");

    [Theory]
    [InlineData("class A { void M() {", "} }")]
    [InlineData("class A { A() {", "} }")]
    [InlineData("class A { int P { get {", "} } }")]
    [InlineData("class A { void M() { void L() {", "} } }")]
    [InlineData("class A { int P => 1", "; }")]
    public void A_long_method_is_found(string start, string end)
    {
        string sixty = start + new string('\n', 59) + end;
        string sixtyOne = start + new string('\n', 60) + end;

        Assert.Empty(Measures.Findings(Made(sixty)));
        Assert.Contains("a method of 61 lines, 60 at most", Measures.Findings(Made(sixtyOne)).First(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_holds_the_type_that_it_is_named_after_in_the_namespace_of_its_folder() =>
        House.IsTidy(s_sources.SelectMany(Layout.Findings));

    [Theory]
    [InlineData("namespace Zab.Core; class A;", "expected the file-scoped namespace Zab.Core.Roles")]
    [InlineData("namespace Zab.Core.Roles { class A; }", "expected the file-scoped namespace Zab.Core.Roles")]
    [InlineData("namespace Zab.Core.Roles; class B;", "expected a type named A")]
    [InlineData("namespace Zab.Core.Roles; class A; class B {\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n}", "B has 21 lines")]
    public void A_type_in_the_wrong_place_is_found(string text, string expected) =>
        AssertFinds(Layout.Findings(Made(text)), expected);

    [Fact]
    public void The_core_is_pure()
    {
        IReadOnlyList<SourceFile> core = Repository.Sources("src/Zab.Core");

        Assert.NotEmpty(core);
        House.IsTidy(core.SelectMany(Purity.Findings));
        Assert.Contains(
            "<ImplicitUsings>disable</ImplicitUsings>",
            Repository.Read("src/Zab.Core/Zab.Core.csproj"),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("class A { async void M() { } }", "'async'")]
    [InlineData("class A { object M() { lock (this) { return this; } } }", "'lock'")]
    [InlineData("class A { System.DateTime now; }", "'DateTime'")]
    [InlineData("class A { object M() => new Random(); }", "'Random'")]
    [InlineData("class A { string M() => System.IO.File.ReadAllText(\"x\"); }", "'File'")]
    [InlineData("class A { System.Threading.Tasks.ValueTask M() => default; }", "'ValueTask'")]
    [InlineData("class A { static int s_count; }", "static state that can change")]
    [InlineData("class A { static int Count { get; set; } }", "static state that can change")]
    [InlineData("global using System;", "a global using")]
    public void An_impure_core_is_found(string text, string expected) =>
        AssertFinds(Purity.Findings(Made(text)), expected);

    [Theory]
    [InlineData("src/Zab.Core/Ports/A.cs", "interface A { ValueTask M(CancellationToken token); }")]
    [InlineData("src/Zab.Core/Roles/A.cs", "/* lock */ class A { string s = \"Task\"; static readonly int s_x; const int X = 1; } // Random")]
    [InlineData("src/Zab.Core/Roles/A.cs", "/// <summary>await <see cref=\"Task\"/></summary>\nclass A { string s = \"\"\"lock\"\"\"; }")]
    public void A_word_in_a_comment_or_in_a_port_is_no_finding(string path, string text) =>
        Assert.Empty(Purity.Findings(new SourceFile(path, text)));

    [Fact]
    public void Nothing_is_unfinished() => House.IsTidy(s_sources.SelectMany(Markers.Findings));

    [Theory]
    [InlineData("// TODO later")]
    [InlineData("\n/* FIXME */")]
    [InlineData("class A { void M() => throw new NotImplementedException(); }")]
    public void An_unfinished_piece_is_found(string text) => AssertFinds(Markers.Findings(Made(text)), "A.cs:");

    [Fact]
    public void Tests_are_sentences_and_do_not_wait_for_a_clock()
    {
        IReadOnlyList<SourceFile> tests = Repository.Sources("tests");

        Assert.Contains(tests, file => file.Name == nameof(HouseRulesTests));
        House.IsTidy(tests.SelectMany(TestHabits.Findings));
    }

    [Theory]
    [InlineData("class A { [Fact] public void TestIt() { } }", "TestIt is no sentence")]
    [InlineData("class A { [Theory] public void It_works() { } }", "It_works is no sentence")]
    [InlineData("class A { [Fact(Skip = \"slow\")] public void It_is_fast() { } }", "It_is_fast is skipped")]
    [InlineData("class A { void M() { Thread.Sleep(1); } }", "Thread.Sleep makes a test wait for a clock")]
    [InlineData("class A { Task M() => Task.Delay(1); }", "Task.Delay makes a test wait for a clock")]
    public void A_bad_habit_of_a_test_is_found(string text, string expected) =>
        AssertFinds(TestHabits.Findings(Made(text)), expected);

    private static SourceFile Made(string text) => new("src/Zab.Core/Roles/A.cs", text);

    private static void AssertFinds(IEnumerable<string> findings, string expected) =>
        Assert.Contains(expected, Assert.Single(findings), StringComparison.Ordinal);
}
