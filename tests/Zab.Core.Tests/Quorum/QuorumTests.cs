using Zab.Core.Primitives;
using Zab.Core.Quorum;

namespace Zab.Core.Tests.Quorum;

public sealed class QuorumTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    [InlineData(4, 3)]
    [InlineData(5, 3)]
    [InlineData(7, 4)]
    public void More_than_half_of_the_voters_are_a_quorum(int voters, int needed)
    {
        ServerId[] all = [.. Enumerable.Range(1, voters).Select(id => new ServerId(id))];
        MajorityQuorum verifier = new(all, []);

        Assert.True(verifier.IsQuorum(ServerSet.Of(all.AsSpan(0, needed))));
        Assert.False(verifier.IsQuorum(ServerSet.Of(all.AsSpan(0, needed - 1))));
    }

    [Fact]
    public void Observers_and_strangers_never_count()
    {
        MajorityQuorum verifier = new([new(1), new(2), new(3)], [new(4), new(5)]);

        Assert.False(verifier.IsQuorum(ServerSet.Of(new(1), new(4), new(5), new(200))));
        Assert.True(verifier.IsQuorum(ServerSet.Of(new(1), new(3))));
        Assert.True(verifier.IsMember(new ServerId(4)));
        Assert.False(verifier.IsMember(new ServerId(200)));
    }

    [Theory]
    [InlineData(ServerId.Min)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(ServerId.Max)]
    public void A_set_knows_each_server_by_its_own_bit(int id)
    {
        ServerSet set = ServerSet.Of(new ServerId(id), new ServerId(id));

        Assert.Equal(1, set.Count);
        Assert.True(set.Contains(new ServerId(id)));
        Assert.Equal([new ServerId(id)], set.InOrder());

        set.Remove(new ServerId(id));
        Assert.Equal(0, set.Count);
        Assert.False(set.Contains(ServerId.None));
    }
}
