using Zab.Core;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Core.Requests;

namespace Zab.Sessions;

/// <summary>The states that the node has published lately.</summary>
/// <remarks>
/// <para>A state that is kept holds on to what newer ones no longer share with it. So they are bounded in
/// number, and in the number and the bytes of the transactions between the oldest and the newest. Those from
/// before a snapshot of a leader, which share nothing with the newest, go at once.</para>
/// <para>The loop alone adds; any thread looks.</para>
/// </remarks>
internal sealed class RecentStates
{
    private readonly Lock _lock = new();
    private readonly Ring<(DataState State, int Transactions, long Bytes)> _states = new();
    private readonly SessionLimits _limits;
    private long _transactions;
    private long _bytes;
    private long _bytesLogged;

    /// <summary>Begins with the state that was recovered.</summary>
    public RecentStates(SessionLimits limits, DataState recovered)
    {
        _limits = limits;
        _states.Add((recovered, 0, 0));
    }

    /// <summary>Takes in a turn.</summary>
    public void Add(Ready ready)
    {
        foreach (LogRecord record in ready.Persist)
        {
            // What is logged will be applied, or is cut off: so this is what it costs, if not when.
            _bytesLogged += record.Kind == LogRecordKind.Entry ? record.Body.Length : 0;
        }

        lock (_lock)
        {
            if (ready.Committed == _states[_states.End - 1].State)
            {
                return;
            }

            _states.Add((ready.Committed, ready.Applied.Count, _bytesLogged));
            _transactions += ready.Applied.Count;
            _bytes += _bytesLogged;
            _bytesLogged = 0;
            while (_states.Count > 1 && (ready.ReplacedAt is not null || IsTooMuch))
            {
                _ = _states.RemoveFirst();
                _transactions -= _states[_states.First].Transactions; // they led to what is the oldest now
                _bytes -= _states[_states.First].Bytes;
            }
        }
    }

    /// <summary>The newest state that is not after a zxid.</summary>
    /// <param name="asked">The zxid.</param>
    /// <param name="path">What it is needed for.</param>
    /// <exception cref="HistoryGoneException">It is older than all that are kept.</exception>
    /// <exception cref="NotYetAppliedException">It is above the newest.</exception>
    public DataState AsOf(Zxid asked, string path)
    {
        lock (_lock)
        {
            Zxid newest = _states[_states.End - 1].State.LastZxid;
            if (asked > newest)
            {
                throw new NotYetAppliedException(path, asked, newest);
            }

            long above = _states.FirstWhere(kept => kept.State.LastZxid > asked);
            return above > _states.First
                ? _states[above - 1].State
                : throw new HistoryGoneException(path, asked, _states[_states.First].State.LastZxid);
        }
    }

    private bool IsTooMuch =>
        _states.Count > Math.Max(1, _limits.StatesKept) || _transactions > _limits.StateTransactionsKept
        || _bytes > _limits.StateBytesKept;
}
