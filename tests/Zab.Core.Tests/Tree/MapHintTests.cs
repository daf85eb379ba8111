using System.Text;
using Zab.Core.Tree;

namespace Zab.Core.Tests.Tree;

public class MapHintTests
{
    private static readonly string[] s_ends =
        ["", "\0", "\0\0", "\0a", "0", "00", "0000", "00000", "00001", "9", "a", "ab", "abc", "abcd", "\u00e9", "\u4e2d", "\U0001f600"];

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("abc")]
    [InlineData("instance-00")]
    public void A_lesser_key_never_has_the_greater_hint(string prefix)
    {
        byte[][] keys = [.. s_ends.Select(end => Encoding.UTF8.GetBytes(prefix + end))];
        int prefixLength = Encoding.UTF8.GetByteCount(prefix);

        foreach (byte[] left in keys)
        {
            foreach (byte[] right in keys)
            {
                int byKey = Math.Sign(left.AsSpan().SequenceCompareTo(right));
                int byHint = MapHint.Of(left, prefixLength).CompareTo(MapHint.Of(right, prefixLength));

                Assert.True(byHint == 0 || Math.Sign(byHint) == byKey);
            }
        }
    }

    [Theory]
    [InlineData("instance-0093", 11, 0x39_33_00_00)]
    [InlineData("instance-0093", 9, 0x30_30_39_33)]
    [InlineData("instance-0093", 13, 0)]
    [InlineData("instance-0093", 20, 0)]
    [InlineData("abc", 1, 0x62_63_00_00)]
    [InlineData("abc", 4, 0)]
    public void A_hint_is_made_of_the_bytes_after_the_prefix(string key, int prefixLength, uint bytes) =>
        Assert.Equal((int)(bytes ^ 0x8000_0000), MapHint.Of(Encoding.UTF8.GetBytes(key), prefixLength));
}
