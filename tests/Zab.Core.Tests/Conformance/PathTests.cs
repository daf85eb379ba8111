using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;

namespace Zab.Core.Tests.Conformance;

/// <summary>Which characters and elements a path may have (reference, 1.1): every UTF-16 unit, in a path of a
/// create and of a set.</summary>
public sealed class PathTests
{
    [Fact]
    public void Every_character_is_valid_or_not_as_in_ZooKeeper()
    {
        List<string> wrong = [];
        for (int c = 0; c <= 0xFFFF; c++)
        {
            bool expected = !(c is <= 0x1F or (>= 0x7F and <= 0x9F) or (>= 0xD800 and <= 0xF8FF) or >= 0xFFF0);
            bool isSlash = c == '/';
            if (PathRules.IsValid($"/a{(char)c}b") != expected)
                wrong.Add($"{c:X4} inside");
            if (PathRules.IsValid($"/{(char)c}") != (expected && !isSlash && c != '.'))
                wrong.Add($"{c:X4} alone");
        }

        Assert.True(wrong.Count == 0, string.Join(", ", wrong.Take(20)));
    }

    [Theory]
    [InlineData("/", true)]
    [InlineData("/a", true)]
    [InlineData("/a/b", true)]
    [InlineData("/a.b", true)]
    [InlineData("/.a", true)]
    [InlineData("/..a", true)]
    [InlineData("/...", true)]
    [InlineData("/ ", true)]
    [InlineData("/a:b=c,d;e", true)]
    [InlineData("/\u00e9\u4e2d\uffef", true)]
    [InlineData("", false)]
    [InlineData("a", false)]
    [InlineData("a/b", false)]
    [InlineData("/a/", false)]
    [InlineData("//", false)]
    [InlineData("//a", false)]
    [InlineData("/a//b", false)]
    [InlineData("/.", false)]
    [InlineData("/..", false)]
    [InlineData("/a/.", false)]
    [InlineData("/a/..", false)]
    [InlineData("/./a", false)]
    [InlineData("/../a", false)]
    [InlineData("/a/./b", false)]
    [InlineData("/a\tb", false)]
    [InlineData("/a\u0085b", false)]
    public void A_path_is_valid_or_not_as_in_ZooKeeper(string path, bool valid)
    {
        Solo solo = new();
        SessionId session = solo.Open();

        Assert.Equal(valid, PathRules.IsValid(path));
        ErrorCode set = solo.Set(session, path, "x");
        Assert.Equal(!valid ? ErrorCode.BadArguments : path == "/" ? ErrorCode.Ok : ErrorCode.NoNode, set);
        ErrorCode read = solo.Read(session, OpCode.GetData, path).Error; // reads ask only whether it is there
        Assert.Equal(path == "/" ? ErrorCode.Ok : ErrorCode.NoNode, read);
    }
}
