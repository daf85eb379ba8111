using Zab.Tidy.Tests.Rules;

namespace Zab.Tidy.Tests;

public sealed class TestMapTests
{
    [Fact]
    public void Every_test_that_the_map_of_the_port_names_is_there() =>
        House.IsTidy(TestMap.Findings(Repository.Read("docs/port-tests.md"), Repository.Sources("tests")));

    [Theory]
    [InlineData("`GoneTests`")]
    [InlineData("`TestMapTests.There_is_no_such_test`")]
    public void A_test_that_is_not_there_is_found(string named)
    {
        IEnumerable<string> findings = TestMap.Findings($"| a row | {named} |", Repository.Sources("tests"));

        Assert.Contains(named.Trim('`'), Assert.Single(findings), StringComparison.Ordinal);
    }
}
