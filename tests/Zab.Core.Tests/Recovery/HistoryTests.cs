using Zab.Core.Primitives;
using Zab.Core.Recovery;

namespace Zab.Core.Tests.Recovery;

public sealed class HistoryTests
{
    private readonly History _history = new(LogPosition.Start);

    [Fact]
    public void A_gap_is_refused_and_changes_nothing()
    {
        Append(Zxid.Of(1, 1));
        LogPosition gap = _history.PositionAfter(Zxid.Of(1, 3), default);

        Assert.False(_history.TryAppend(gap, default));

        Assert.Equal(Zxid.Of(1, 1), _history.Last.Zxid);
    }

    [Fact]
    public void Another_hash_is_refused()
    {
        LogPosition position = _history.PositionAfter(Zxid.Of(1, 1), [1]);

        Assert.False(_history.TryAppend(position, new byte[] { 2 }));
    }

    [Fact]
    public void A_new_epoch_begins_with_its_first_counter()
    {
        Append(Zxid.Of(1, 1));

        Assert.False(_history.TryAppend(_history.PositionAfter(Zxid.Of(3, 2), default), default));
        Append(Zxid.Of(3, 1));
        Assert.False(_history.TryAppend(_history.PositionAfter(Zxid.Of(2, 1), default), default));
    }

    [Fact]
    public void Truncation_drops_what_comes_after_and_lets_another_history_follow()
    {
        LogPosition kept = Append(Zxid.Of(1, 1));
        LogPosition dropped = Append(Zxid.Of(1, 2), 7);

        _history.TruncateAfter(kept);

        Assert.Equal(kept, _history.Last);
        Assert.False(_history.Contains(dropped));
        Append(Zxid.Of(2, 1));
        Assert.Equal(0, _history.BytesBefore(_history.EndIndex));
    }

    [Fact]
    public void Trimming_never_drops_what_is_not_applied()
    {
        for (uint i = 1; i <= 100; i++)
        {
            Append(Zxid.Of(1, i), 1, 2, 3);
        }

        _history.Trim(keepFrom: Zxid.Of(1, 40), entriesMax: 10, bytesMax: 1_000);

        Assert.Equal(Zxid.Of(1, 40), _history.Base.Zxid);
        Assert.Equal(Zxid.Of(1, 41), _history[_history.FirstIndex].Position.Zxid);
        Assert.Equal(300, _history.BytesBefore(_history.EndIndex));
    }

    [Fact]
    public void The_ends_of_epochs_lead_down_to_what_is_committed()
    {
        LogPosition committed = Append(Zxid.Of(1, 1));
        LogPosition first = Append(Zxid.Of(1, 2));
        _ = Append(Zxid.Of(3, 1));
        LogPosition third = Append(Zxid.Of(3, 2));

        Assert.Equal([third, first, committed], _history.EpochEndsDownTo(committed));
        Assert.Equal([third], _history.EpochEndsDownTo(third));
    }

    private LogPosition Append(Zxid zxid, params byte[] body)
    {
        LogPosition position = _history.PositionAfter(zxid, body);
        Assert.True(_history.TryAppend(position, body));
        return position;
    }
}
