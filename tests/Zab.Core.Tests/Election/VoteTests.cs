using Zab.Core.Election;
using Zab.Core.Primitives;

namespace Zab.Core.Tests.Election;

/// <summary>The order of votes is total (ZB-50): checked over all triples of a small domain.</summary>
public sealed class VoteTests
{
    private static readonly Vote[] s_votes =
    [
        .. from epoch in new[] { 0, 1, 2 }
           from zxid in new[] { Zxid.None, Zxid.Of(1, 1), Zxid.Of(1, 2), Zxid.Of(2, 1) }
           from id in new[] { 1, 2, 3 }
           select new Vote(epoch, zxid, new ServerId(id)),
    ];

    [Fact]
    public void Of_two_different_votes_exactly_one_beats_the_other()
    {
        foreach (Vote a in s_votes)
        {
            foreach (Vote b in s_votes)
            {
                Assert.Equal(a != b, a.Beats(b) ^ b.Beats(a));
            }
        }
    }

    [Fact]
    public void The_order_is_transitive()
    {
        foreach (Vote a in s_votes)
        {
            foreach (Vote b in s_votes.Where(b => a.Beats(b)))
            {
                Assert.All(s_votes.Where(c => b.Beats(c)), c => Assert.True(a.Beats(c)));
            }
        }
    }

    [Fact]
    public void The_epoch_decides_before_the_zxid_and_the_zxid_before_the_id()
    {
        Assert.True(new Vote(2, Zxid.Of(1, 1), new(1)).Beats(new Vote(1, Zxid.Of(1, 9), new(3))));
        Assert.True(new Vote(1, Zxid.Of(1, 9), new(1)).Beats(new Vote(1, Zxid.Of(1, 8), new(3))));
        Assert.True(new Vote(1, Zxid.Of(1, 8), new(3)).Beats(new Vote(1, Zxid.Of(1, 8), new(2))));
    }
}
