using Zab.Core;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;

namespace Zab.Sessions;

/// <summary>The latest changes of the tree, transaction by transaction, for readers who come at their own
/// pace.</summary>
/// <remarks>
/// <para>Bounded in changes and in bytes: the oldest go first, and whoever had not read them is told of a
/// gap. Readers pull, so nothing is kept for any of them, and none can hold up the loop.</para>
/// <para>The loop alone adds; readers on any thread read.</para>
/// </remarks>
internal sealed class ChangeLog
{
    /// <summary>About what a transaction, and a change beside its path, take in memory.</summary>
    private const int FixedBytes = 64;

    private readonly Lock _lock = new();
    private readonly Ring<TxnChanges> _txns = new();
    private readonly int _changesMax;
    private readonly int _bytesMax;
    private Zxid _completeAfter;
    private Zxid _last;
    private long _changes;
    private long _bytes;
    private List<ChangeReader> _waiting = [];

    /// <summary>Begins with what recovery replayed.</summary>
    public ChangeLog(SessionLimits limits, RecoveredOutcomes recovered)
    {
        (_changesMax, _bytesMax) = (limits.ChangesKept, limits.ChangeBytesKept);
        _completeAfter = _last = recovered.After;
        foreach (TxnOutcome outcome in recovered.Outcomes)
        {
            Add(outcome);
        }
    }

    /// <summary>Takes in a turn, and wakes the readers who have read all that was there.</summary>
    public void Add(Ready ready)
    {
        List<ChangeReader> woken;
        lock (_lock)
        {
            Zxid before = _last;
            if (ready.ReplacedAt is { } replacedAt && replacedAt > _last)
            {
                Forget(replacedAt);
            }

            foreach (TxnOutcome outcome in ready.Applied)
            {
                Add(outcome);
            }

            if (_last < ready.Committed.LastZxid)
            {
                Forget(ready.Committed.LastZxid); // a turn was not seen here
            }

            if (_last == before || _waiting.Count == 0)
            {
                return;
            }

            (woken, _waiting) = (_waiting, []);
        }

        woken.ForEach(static reader => reader.Wake());
    }

    /// <summary>Copies what comes after a reader's place, and moves the place on.</summary>
    /// <param name="reader">Is woken when there is more, if there is nothing now.</param>
    /// <param name="place">Everything up to here has been read.</param>
    /// <param name="into">Gets the transactions; or a gap alone, after which the reader goes on with what is
    /// new.</param>
    /// <returns>How many were copied.</returns>
    public int Read(ChangeReader reader, ref Zxid place, Span<TxnChanges> into)
    {
        lock (_lock)
        {
            if (place < _completeAfter)
            {
                // Whoever is that late reads the tree anew. What is left here is in it already, and would be
                // gone, too, before he has read it.
                place = _last;
                into[0] = new TxnChanges(_last, Changes: null);
                return 1;
            }

            Zxid after = place;
            long number = _txns.FirstWhere(txn => txn.Zxid > after);
            int count = 0;
            for (; count < into.Length && number < _txns.End; number++)
            {
                into[count++] = _txns[number];
                place = _txns[number].Zxid;
            }

            if (count == 0)
            {
                _waiting.Add(reader);
            }

            return count;
        }
    }

    /// <summary>Forgets a reader who waited.</summary>
    public void Leave(ChangeReader reader)
    {
        lock (_lock)
        {
            _ = _waiting.Remove(reader);
        }
    }

    private void Add(TxnOutcome outcome)
    {
        if (outcome.Zxid <= _last)
        {
            return; // the snapshot that took the place of the state has it
        }

        _last = outcome.Zxid;
        if (outcome.Changes.Count == 0)
        {
            return;
        }

        _txns.Add(new TxnChanges(outcome.Zxid, outcome.Changes));
        _changes += outcome.Changes.Count;
        _bytes += BytesOf(outcome.Changes);
        while (_changes > _changesMax || _bytes > _bytesMax)
        {
            RemoveFirst();
        }
    }

    /// <summary>The changes up to a zxid are not known.</summary>
    private void Forget(Zxid upTo)
    {
        while (_txns.Count > 0)
        {
            RemoveFirst();
        }

        _completeAfter = _last = upTo;
    }

    private void RemoveFirst()
    {
        TxnChanges oldest = _txns.RemoveFirst();
        _completeAfter = oldest.Zxid;
        _changes -= oldest.Changes!.Count;
        _bytes -= BytesOf(oldest.Changes);
    }

    private static long BytesOf(IReadOnlyList<ZnodeChange> changes)
    {
        long bytes = FixedBytes;
        for (int i = 0; i < changes.Count; i++)
        {
            bytes += FixedBytes + (sizeof(char) * changes[i].Path.Length);
        }

        return bytes;
    }
}
