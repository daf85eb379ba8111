using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Zab.Hosting;

/// <summary>A value that changes, and is followed: whoever is slow sees the latest, not all.</summary>
/// <remarks>Thread-safe. Each follower has room for one value, and a newer one replaces it
/// (<see cref="BoundedChannelFullMode.DropOldest"/>), so a slow follower costs nothing.</remarks>
/// <typeparam name="T">The type of the value; immutable.</typeparam>
/// <param name="initial">The first value.</param>
/// <param name="continuesInline">See <see cref="Sessions.ISessionHost.ContinuesInline"/>.</param>
internal sealed class LatestValue<T>(T initial, bool continuesInline = false)
{
    private readonly Lock _lock = new();
    private readonly List<Channel<T>> _followers = [];
    private T _current = initial;
    private bool _ended;

    /// <summary>The latest value.</summary>
    public T Current
    {
        get
        {
            lock (_lock)
            {
                return _current;
            }
        }
    }

    /// <summary>Changes the value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="isLast">Whether no other follows: followers see it, and end.</param>
    public void Publish(T value, bool isLast = false)
    {
        lock (_lock)
        {
            if (_ended)
            {
                return;
            }

            _current = value;
            _ended = isLast;
            foreach (Channel<T> follower in _followers)
            {
                _ = follower.Writer.TryWrite(value);
                _ = isLast && follower.Writer.TryComplete();
            }
        }
    }

    /// <summary>The value as it is, and every change that the caller is quick enough to see; the last
    /// always.</summary>
    public async IAsyncEnumerable<T> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Channel<T> follower = Channel.CreateBounded<T>(
            new BoundedChannelOptions(1)
            {
                FullMode = BoundedChannelFullMode.DropOldest,
                AllowSynchronousContinuations = continuesInline,
            });
        lock (_lock)
        {
            _ = follower.Writer.TryWrite(_current);
            if (_ended)
            {
                follower.Writer.Complete();
            }

            _followers.Add(follower);
        }

        try
        {
            await foreach (T value in follower.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return value;
            }
        }
        finally
        {
            lock (_lock)
            {
                _ = _followers.Remove(follower);
            }
        }
    }
}
