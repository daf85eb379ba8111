using Zab.Cli.Shell;

namespace Zab.Cli.Tests.Shell;

public sealed class WordsTests
{
    [Theory]
    [InlineData("get /a", "get|/a")]
    [InlineData("  get \t /a  ", "get|/a")]
    [InlineData("create '/a b' \"c d\"", "create|/a b|c d")]
    [InlineData("set /a \"it's\"", "set|/a|it's")]
    [InlineData("set /a '\"'", "set|/a|\"")]
    [InlineData("set /a it's", "set|/a|it's")]
    [InlineData("set /a ''", "set|/a|")]
    [InlineData("set /a 'b'c", "set|/a|b|c")]
    [InlineData("", "")]
    public void Blanks_separate_and_quotation_marks_hold_together(string line, string expected) =>
        Assert.Equal(expected, string.Join('|', Words.Of(line)));

    [Theory]
    [InlineData("create '/a b")]
    [InlineData("set /a 'x' \"")]
    public void A_quotation_mark_without_counterpart_is_refused(string line) =>
        Assert.StartsWith(
            "A quotation mark has no counterpart: ",
            Assert.Throws<ShellException>(() => Words.Of(line)).Message,
            StringComparison.Ordinal);
}
