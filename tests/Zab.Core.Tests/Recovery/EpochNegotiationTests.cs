using Zab.Core.Primitives;
using Zab.Core.Quorum;
using Zab.Core.Recovery;

namespace Zab.Core.Tests.Recovery;

public sealed class EpochNegotiationTests
{
    private static readonly ServerId s_one = new(1);
    private static readonly ServerId s_two = new(2);
    private static readonly ServerId s_observer = new(4);

    private readonly EpochNegotiation _negotiation =
        new(new MajorityQuorum([s_one, s_two, new ServerId(3)], [s_observer]));

    [Fact]
    public void The_epoch_is_above_all_that_a_quorum_has_accepted()
    {
        Assert.False(_negotiation.OnAccepted(s_one, 4));
        Assert.True(_negotiation.OnAccepted(s_two, 7));

        Assert.Equal(8, _negotiation.Proposed);
    }

    [Fact]
    public void An_observer_is_no_part_of_the_quorum()
    {
        Assert.False(_negotiation.OnAccepted(s_one, 4));
        Assert.False(_negotiation.OnAccepted(s_observer, 9));

        Assert.Equal(0, _negotiation.Proposed);
    }

    [Fact]
    public void One_voter_counts_once_however_often_it_speaks()
    {
        Assert.False(_negotiation.OnAccepted(s_one, 4));
        Assert.False(_negotiation.OnAccepted(s_one, 4));
        Assert.True(_negotiation.OnAccepted(s_two, 4));

        _negotiation.OnPromised(s_one, counts: true);
        _negotiation.OnPromised(s_one, counts: true);
        _negotiation.OnPromised(s_observer, counts: true);
        Assert.False(_negotiation.IsPromised);

        _negotiation.OnPromised(s_two, counts: true);
        Assert.True(_negotiation.IsPromised);
        Assert.False(_negotiation.IsPromisedByAll);
    }

    [Fact]
    public void A_voter_that_may_have_lost_its_disk_counts_only_when_all_promise()
    {
        _ = _negotiation.OnAccepted(s_one, 4);
        _ = _negotiation.OnAccepted(s_two, 4);

        _negotiation.OnPromised(s_one, counts: true);
        _negotiation.OnPromised(s_two, counts: false);
        Assert.False(_negotiation.IsPromised);

        _negotiation.OnPromised(new ServerId(3), counts: false);
        Assert.True(_negotiation.IsPromised);
        Assert.True(_negotiation.IsPromisedByAll);
    }

    [Fact]
    public void A_voter_that_is_lost_before_the_epoch_is_known_does_not_count()
    {
        Assert.False(_negotiation.OnAccepted(s_two, 9));
        _negotiation.OnLost(s_two);

        Assert.False(_negotiation.OnAccepted(s_one, 4));
        Assert.True(_negotiation.OnAccepted(new ServerId(3), 5));
        Assert.Equal(6, _negotiation.Proposed);
    }
}
