using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using Zab.Core.Primitives;

namespace Zab.Core.Sessions;

/// <summary>The leader's watch over the sessions: which have been silent for too long.</summary>
/// <remarks>
/// <para>Not replicated. A new leader tracks every session of the table anew, with a full timeout (ZB-69), as
/// must one that notices that it was paused (<see cref="TouchAll"/>).</para>
/// <para>A session expires on the first tick after its timeout: never early, and at most one tick late.
/// Touching is O(1): a session stays in the bucket of an earlier deadline, and moves on when that bucket
/// comes due.</para>
/// <para>Ticks are the caller's and never go back. One owner; not thread-safe.</para>
/// </remarks>
internal sealed class SessionTracker
{
    private static readonly Comparer<SessionId> s_byNumber =
        Comparer<SessionId>.Create((left, right) => ((ulong)left.Value).CompareTo((ulong)right.Value));

    private readonly Dictionary<SessionId, Tracked> _sessions = [];
    private readonly SortedDictionary<long, List<Tracked>> _buckets = [];

    /// <summary>The number of sessions that are tracked.</summary>
    public int Count => _sessions.Count;

    /// <summary>Begins to track a session, or begins anew with a full timeout.</summary>
    /// <param name="session">The session.</param>
    /// <param name="timeoutTicks">How long it may be silent, in ticks, 1 or more.</param>
    /// <param name="nowTick">The current tick.</param>
    public void Track(SessionId session, int timeoutTicks, long nowTick)
    {
        Invariant.Holds(timeoutTicks > 0);
        Remove(session);
        Tracked tracked = new(session, timeoutTicks);
        _sessions.Add(session, tracked);
        tracked.Touch(nowTick);
        PutInBucket(tracked);
    }

    /// <summary>Notes a sign of life.</summary>
    /// <returns>Whether the session is tracked.</returns>
    public bool Touch(SessionId session, long nowTick)
    {
        if (!_sessions.TryGetValue(session, out Tracked? tracked))
            return false;

        tracked.Touch(nowTick);
        return true;
    }

    /// <summary>Gives every session a full timeout again: after a pause of this server nobody knows who was
    /// silent.</summary>
    public void TouchAll(long nowTick)
    {
        // In no defined order: the outcome is the same in any.
        foreach (Tracked tracked in _sessions.Values)
        {
            tracked.Touch(nowTick);
        }
    }

    /// <summary>Takes the sessions that have expired, and tracks them no more.</summary>
    /// <param name="nowTick">The current tick.</param>
    /// <param name="into">Gets the sessions, in the order of their ids as unsigned numbers.</param>
    public void TakeExpired(long nowTick, List<SessionId> into)
    {
        int start = into.Count;
        while (TryTakeDueBucket(nowTick, out List<Tracked>? due))
        {
            foreach (Tracked tracked in due)
            {
                if (tracked.Deadline > nowTick)
                {
                    PutInBucket(tracked);
                    continue;
                }

                _sessions.Remove(tracked.Session);
                into.Add(tracked.Session);
            }
        }

        into.Sort(start, into.Count - start, s_byNumber);
    }

    /// <summary>Ends the tracking of a session that was closed.</summary>
    /// <returns>Whether it was tracked.</returns>
    public bool Remove(SessionId session)
    {
        if (!_sessions.Remove(session, out Tracked? tracked))
            return false;

        // The last of the bucket takes its place.
        List<Tracked> bucket = _buckets[tracked.Bucket];
        Tracked last = bucket[^1];
        bucket[tracked.Place] = last;
        last.Place = tracked.Place;
        bucket.RemoveAt(bucket.Count - 1);
        if (bucket.Count == 0)
            _buckets.Remove(tracked.Bucket);

        return true;
    }

    private bool TryTakeDueBucket(long nowTick, [NotNullWhen(true)] out List<Tracked>? due)
    {
        due = null;
        using SortedDictionary<long, List<Tracked>>.Enumerator first = _buckets.GetEnumerator();
        if (!first.MoveNext() || first.Current.Key > nowTick)
            return false;

        due = first.Current.Value;
        _buckets.Remove(first.Current.Key);
        return true;
    }

    private void PutInBucket(Tracked tracked)
    {
        if (!_buckets.TryGetValue(tracked.Deadline, out List<Tracked>? bucket))
            _buckets.Add(tracked.Deadline, bucket = []);

        tracked.Bucket = tracked.Deadline;
        tracked.Place = bucket.Count;
        bucket.Add(tracked);
    }

    private sealed class Tracked(SessionId session, int timeoutTicks)
    {
        public SessionId Session { get; } = session;

        /// <summary>The first tick at which the session has been silent for its whole timeout.</summary>
        public long Deadline { get; private set; }

        /// <summary>The bucket that it is in: its deadline, or an earlier one that it had.</summary>
        public long Bucket { get; set; }

        /// <summary>Its place in the bucket.</summary>
        public int Place { get; set; }

        // One more, as the touch may have come at the very end of its tick.
        public void Touch(long nowTick) => Deadline = Math.Max(Deadline, nowTick + timeoutTicks + 1);
    }
}
