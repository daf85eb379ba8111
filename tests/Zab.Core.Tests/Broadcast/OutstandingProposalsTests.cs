using Zab.Core.Broadcast;
using Zab.Core.Primitives;
using Zab.Core.Quorum;

namespace Zab.Core.Tests.Broadcast;

public sealed class OutstandingProposalsTests
{
    private static readonly ServerId[] s_voters = [new(1), new(2), new(3), new(4), new(5)];
    private readonly OutstandingProposals _proposals = new(new MajorityQuorum(s_voters, []));

    [Fact]
    public void What_a_quorum_has_reached_is_committed_and_no_more()
    {
        Assert.False(_proposals.OnAck(s_voters[0], Zxid.Of(1, 9)));
        Assert.False(_proposals.OnAck(s_voters[1], Zxid.Of(1, 4)));
        Assert.True(_proposals.OnAck(s_voters[2], Zxid.Of(1, 6)));

        Assert.Equal(Zxid.Of(1, 4), _proposals.Committed);
    }

    [Fact]
    public void One_voter_alone_commits_nothing_however_far_it_is()
    {
        Assert.False(_proposals.OnAck(s_voters[0], Zxid.Of(1, 1)));
        Assert.False(_proposals.OnAck(s_voters[0], Zxid.Of(1, 2)));

        Assert.Equal(Zxid.None, _proposals.Committed);
    }

    [Fact]
    public void A_voter_that_was_lost_counts_again_only_after_a_new_ack()
    {
        _ = _proposals.OnAck(s_voters[0], Zxid.Of(1, 3));
        _ = _proposals.OnAck(s_voters[1], Zxid.Of(1, 3));
        _proposals.OnLost(s_voters[1]);

        Assert.False(_proposals.OnAck(s_voters[2], Zxid.Of(1, 3)));
        Assert.True(_proposals.OnAck(s_voters[1], Zxid.Of(1, 3)));
    }

    [Fact]
    public void What_is_committed_stays_committed_when_voters_are_lost()
    {
        foreach (ServerId voter in s_voters[..3])
        {
            _ = _proposals.OnAck(voter, Zxid.Of(1, 3));
        }

        _proposals.OnLost(s_voters[0]);

        Assert.Equal(Zxid.Of(1, 3), _proposals.Committed);
    }
}
