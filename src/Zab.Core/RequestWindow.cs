using System.Collections.Generic;
using Zab.Core.Broadcast;
using Zab.Core.Primitives;
using Zab.Core.Requests;

namespace Zab.Core;

/// <summary>A learner's requests to its leader: those that are under way, and those that wait until there is
/// room for them.</summary>
/// <remarks>The leader takes what comes on a link in its order, so whatever shows that it has dealt with one
/// request shows that all before it have arrived. Without a bound here, clients that ask for more at once
/// than the link's queue holds would cost their server the link, and again each time that it asks another
/// leader (R18, R19). What waits is bounded by who lets clients ask. One owner; not thread-safe.</remarks>
/// <param name="limits">How much may be under way. The last request that finds room may go beyond.</param>
internal sealed class RequestWindow(FlowLimits limits)
{
    private readonly Queue<ClientRequest> _waiting = new();
    private readonly Queue<(SessionId Session, int Cxid, int Bytes)> _underWay = new();
    private readonly Dictionary<(SessionId Session, int Cxid), long> _numbers = [];
    private long _oldestNumber;
    private long _bytes;

    private bool HasRoom => _underWay.Count < limits.Entries && _bytes < limits.Bytes;

    /// <summary>Takes a request in, behind those that wait.</summary>
    public void Add(in ClientRequest request) => _waiting.Enqueue(request);

    /// <summary>Takes the next request that is to be sent now; <see cref="OnSent"/> must follow.</summary>
    public bool TryTake(out ClientRequest request)
    {
        request = default;
        return HasRoom && _waiting.TryDequeue(out request);
    }

    /// <summary>A request was sent.</summary>
    public void OnSent(SessionId session, int cxid, int bytes)
    {
        // One client may give a number after another had it: then either answer tells of both.
        _numbers[(session, cxid)] = _oldestNumber + _underWay.Count;
        _underWay.Enqueue((session, cxid, bytes));
        _bytes += bytes;
    }

    /// <summary>The leader answered a request, or a transaction shows that it was done. It need not be one of
    /// these.</summary>
    public void OnAnswered(SessionId session, int cxid)
    {
        if (_numbers.Count == 0 || !_numbers.TryGetValue((session, cxid), out long number))
        {
            return;
        }

        for (; _oldestNumber <= number; _oldestNumber++)
        {
            (SessionId oldest, int oldestCxid, int bytes) = _underWay.Dequeue();
            _bytes -= bytes;
            if (_numbers.TryGetValue((oldest, oldestCxid), out long noted) && noted == _oldestNumber)
            {
                _ = _numbers.Remove((oldest, oldestCxid));
            }
        }
    }

    /// <summary>The leader is lost: forgets everything.</summary>
    public void Clear()
    {
        _waiting.Clear();
        _underWay.Clear();
        _numbers.Clear();
        _bytes = 0;
    }
}
