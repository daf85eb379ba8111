using Zab.Configuration;

namespace Zab.Tests.Configuration;

public sealed class JavaPropertiesTests
{
    [Theory]
    [InlineData("a=b", 1, "a", "b")]
    [InlineData("  a = b  ", 1, "a", "b")]
    [InlineData("a:b", 1, "a", "b")]
    [InlineData("a b c", 1, "a", "b c")]
    [InlineData("a\t=\tb", 1, "a", "b")]
    [InlineData("a==b", 1, "a", "=b")]
    [InlineData("a", 1, "a", "")]
    [InlineData("# x\r\n! y\r\n\r\na=b", 4, "a", "b")]
    [InlineData("a=b\\\n   c", 1, "a", "bc")]
    [InlineData("a=b\\", 1, "a", "b")]
    [InlineData("a=c:\\\\zk\\\\", 1, "a", "c:\\zk\\")]
    [InlineData("a\\=b=c", 1, "a=b", "c")]
    [InlineData("a=\\u0041\\t\\z\\u00", 1, "a", "A\tzu00")]
    public void A_key_is_divided_from_its_value(string text, int lineNumber, string key, string value) =>
        Assert.Equal(new JavaProperty(lineNumber, key, value), Assert.Single(JavaProperties.Read(text)));

    [Fact]
    public void A_line_after_a_continued_one_has_its_own_number()
    {
        IEnumerable<JavaProperty> properties = JavaProperties.Read("a=1\\\n2\\\n3\nb=4");

        Assert.Equal([new JavaProperty(1, "a", "123"), new JavaProperty(4, "b", "4")], properties);
    }
}
