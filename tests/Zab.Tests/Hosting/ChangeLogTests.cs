using Zab.Core;
using Zab.Core.Messages;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Sessions;

namespace Zab.Tests.Hosting;

public sealed class ChangeLogTests
{
    [Fact]
    public void A_reader_gets_what_comes_after_his_place_and_transactions_whole()
    {
        ChangeLog log = NewLog(changesKept: 10);
        log.Add(TurnOf(Txn(1, "/a"), Txn(2), Txn(3, "/b", "/c")));
        using ChangeReader reader = new(log, Zxid.Of(1, 1), continuesInline: true);

        Assert.Equal(["1.3 /b /c"], Take(reader));
        log.Add(TurnOf(Txn(4, "/d")));
        Assert.Equal(["1.4 /d"], Take(reader));
    }

    [Fact]
    public void What_was_replayed_at_the_start_can_be_read()
    {
        RecoveredOutcomes recovered = RecoveredAfter(0);
        ChangeLog log = new(Limits(10, 1 << 20), recovered);
        using ChangeReader reader = new(log, Zxid.None, continuesInline: true);

        log.Add(TurnOf(Txn(1, "/a")));

        Assert.Equal(["1.1 /a"], Take(reader));
    }

    [Fact]
    public void Whoever_comes_from_before_a_recovered_snapshot_is_told_of_a_gap()
    {
        ChangeLog log = new(Limits(10, 1 << 20), RecoveredAfter(5));
        using ChangeReader before = new(log, Zxid.Of(1, 4), continuesInline: true);
        using ChangeReader at = new(log, Zxid.Of(1, 5), continuesInline: true);

        log.Add(TurnOf(Txn(6, "/a")));

        Assert.Equal(["1.6 gap"], Take(before));
        Assert.Equal(["1.6 /a"], Take(at));
    }

    [Fact]
    public void The_oldest_go_when_there_are_too_many_changes_and_a_late_reader_goes_on_with_the_new()
    {
        ChangeLog log = NewLog(changesKept: 3);
        using ChangeReader late = new(log, Zxid.None, continuesInline: true);
        using ChangeReader inTime = new(log, Zxid.Of(1, 1), continuesInline: true);
        log.Add(TurnOf(Txn(1, "/a"), Txn(2, "/b"), Txn(3, "/c", "/d")));

        Assert.Equal(["1.2 /b", "1.3 /c /d"], Take(inTime));
        Assert.Equal(["1.3 gap"], Take(late));
        log.Add(TurnOf(Txn(4, "/e")));
        Assert.Equal(["1.4 /e"], Take(late));
    }

    [Fact]
    public void The_log_is_bounded_in_bytes_even_by_a_single_transaction()
    {
        ChangeLog log = new(Limits(1000, 4096), RecoveredAfter(0));
        using ChangeReader reader = new(log, Zxid.None, continuesInline: true);
        log.Add(TurnOf(Txn(1, "/a"), Txn(2, "/" + new string('x', 3000))));

        Assert.Equal(["1.2 gap"], Take(reader));
        log.Add(TurnOf(Txn(3, "/b")));
        Assert.Equal(["1.3 /b"], Take(reader));
    }

    [Fact]
    public void A_snapshot_that_replaces_the_state_is_a_gap_up_to_its_zxid()
    {
        ChangeLog log = NewLog(changesKept: 10);
        using ChangeReader reader = new(log, Zxid.None, continuesInline: true);
        log.Add(TurnOf(Txn(1, "/a")));
        log.Add(TurnOf(Txn(9, "/b")) with { ReplacedAt = Zxid.Of(1, 8) });
        using ChangeReader fromTheSnapshot = new(log, Zxid.Of(1, 8), continuesInline: true);

        Assert.Equal(["1.9 gap"], Take(reader));
        Assert.Equal(["1.9 /b"], Take(fromTheSnapshot));
    }

    [Fact]
    public void A_snapshot_of_what_is_known_already_is_no_gap()
    {
        ChangeLog log = NewLog(changesKept: 10);
        using ChangeReader reader = new(log, Zxid.None, continuesInline: true);
        log.Add(TurnOf(Txn(1, "/a")));
        log.Add(TurnOf(Txn(2, "/b")) with { ReplacedAt = Zxid.Of(1, 1) });

        Assert.Equal(["1.1 /a", "1.2 /b"], Take(reader));
    }

    [Fact]
    public async Task A_reader_who_waits_is_woken_and_ended()
    {
        ChangeLog log = NewLog(changesKept: 10);
        using ChangeReader reader = new(log, Zxid.None, continuesInline: true);
        Assert.Empty(Take(reader));
        Task<bool> waiting = reader.WaitAsync(CancellationToken.None).AsTask();

        log.Add(TurnOf(Txn(1))); // nothing to read, and no harm

        Assert.True(await waiting);
        Assert.Empty(Take(reader));
        waiting = reader.WaitAsync(CancellationToken.None).AsTask();
        log.Add(TurnOf(Txn(2, "/a")));
        Assert.True(await waiting);
        Assert.Equal(["1.2 /a"], Take(reader));
        Assert.Empty(Take(reader));
        waiting = reader.WaitAsync(CancellationToken.None).AsTask();
        Assert.False(waiting.IsCompleted);
        reader.End(error: null);
        Assert.False(await waiting);
    }

    [Fact]
    public void A_ring_keeps_its_order_while_it_grows_and_shrinks()
    {
        Ring<int> ring = new();
        Queue<int> model = new();
        Prng prng = new(7);
        for (int i = 0; i < 5000; i++)
        {
            if (prng.Below(3) > 0 || model.Count == 0)
            {
                ring.Add(i);
                model.Enqueue(i);
            }
            else
            {
                Assert.Equal(model.Dequeue(), ring.RemoveFirst());
            }
        }

        Assert.Equal(model, Enumerable.Range(0, ring.Count).Select(at => ring[ring.First + at]));
        int middle = model.ElementAt(model.Count / 2);
        Assert.Equal(middle, ring[ring.FirstWhere(item => item >= middle)]);
        Assert.Equal(ring.End, ring.FirstWhere(_ => false));
    }

    private static ChangeLog NewLog(int changesKept) =>
        new(Limits(changesKept, bytesKept: 1 << 20), RecoveredAfter(0));

    private static SessionLimits Limits(int changesKept, int bytesKept) => new(new ZabNodeOptions
    {
        ServerId = 1,
        Ensemble = EnsembleConfig.Parse("server.1=a"),
        ChangesKept = changesKept,
        ChangeBytesKept = bytesKept,
    });

    private static RecoveredOutcomes RecoveredAfter(uint counter) =>
        new(outcomesMax: 10) { After = counter == 0 ? Zxid.None : Zxid.Of(1, counter) };

    private static TxnOutcome Txn(uint counter, params string[] created) => new()
    {
        Header = new TxnHeader(new SessionId(1), 1, Zxid.Of(1, counter), 1, OpCode.Create),
        Changes = [.. created.Select(path => new ZnodeChange(ZnodeChangeKind.Created, path))],
    };

    private static Ready TurnOf(params TxnOutcome[] applied) => new()
    {
        SendNow = [],
        Persist = [],
        RecordsAfter = 0,
        SendAfterPersist = [],
        ToClients = [],
        Break = [],
        Connect = [],
        Committed = new DataState(applied[^1].Zxid, ZnodeTree.Initial, default, default),
        Applied = applied,
        ReplacedAt = null,
        Snapshot = null,
        WarnedQuotas = [],
        Status = new ReplicaStatus(
            ServerState.Following, new ServerId(1), 1, IsServing: true, applied[^1].Zxid, applied[^1].Zxid, ""),
    };

    private static List<string> Take(ChangeReader reader)
    {
        List<string> taken = [];
        while (reader.TryTake(out TxnChanges txn))
        {
            string what = txn.Changes is null ? "gap" : string.Join(' ', txn.Changes.Select(change => change.Path));
            taken.Add($"{txn.Zxid} {what}");
        }

        return taken;
    }
}
