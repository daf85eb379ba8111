using Zab.Core.Tree;

namespace Zab.Core.Tests.Tree;

public class PathRulesTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/a")]
    [InlineData("/a/b")]
    [InlineData("/...")]
    [InlineData("/.a/b..")]
    [InlineData("/a b")]
    [InlineData("/\u00a0")]
    [InlineData("/\u4e2d\u6587")]
    [InlineData("/\ud7ff\uf900\uffef")]
    public void A_well_formed_path_is_valid(string path) => Assert.True(PathRules.IsValid(path));

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("a/b")]
    [InlineData("//")]
    [InlineData("/a/")]
    [InlineData("/a//b")]
    [InlineData("/.")]
    [InlineData("/..")]
    [InlineData("/a/./b")]
    [InlineData("/a/..")]
    [InlineData("/\0")]
    [InlineData("/a\u0001")]
    [InlineData("/\u001f")]
    [InlineData("/\u007f")]
    [InlineData("/\u009f")]
    [InlineData("/\ue000")]
    [InlineData("/\uf8ff")]
    [InlineData("/\ufff0")]
    [InlineData("/\uffff")]
    public void A_malformed_path_is_not(string path) => Assert.False(PathRules.IsValid(path));

    [Fact]
    public void Surrogates_are_not_valid() =>
        Assert.False(PathRules.IsValid("/" + (char)0xD83D + (char)0xDE00));

    [Theory]
    [InlineData("/a", "/")]
    [InlineData("/", "/")]
    [InlineData("/a/b", "/a")]
    [InlineData("/a/", "/a")]
    [InlineData("a/b", "a")]
    public void The_parent_is_what_precedes_the_last_slash(string path, string parent) =>
        Assert.Equal(parent, PathRules.ParentOf(path).ToString());
}
