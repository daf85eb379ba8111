using System.Threading.Channels;
using Zab.Core.Messages;

namespace Zab.Transport.Grpc.Links;

/// <summary>The messages that wait to be sent on one link: bounded by bytes, emptied as a whole.</summary>
/// <remarks>Thread-safe for any number of senders and one taker.</remarks>
internal sealed class SendQueue(long bytesMax)
{
    /// <summary>What a message costs beside its body, roughly.</summary>
    private const int MessageBytes = 64;

    // Holds at most one signal. A second one adds nothing, as the taker takes all that waits.
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly Lock _lock = new();
    private List<Message> _waiting = [];
    private long _bytes;
    private bool _closed;

    /// <summary>Adds messages, all or none.</summary>
    /// <returns>False when there is no room; a closed queue takes everything and keeps nothing.</returns>
    public bool TryAdd(IReadOnlyList<Message> messages)
    {
        long bytes = BytesOf(messages);
        lock (_lock)
        {
            if (_closed)
                return true;
            if (_bytes + bytes > bytesMax)
                return false;
            _bytes += bytes;
            for (int i = 0; i < messages.Count; i++)
                _waiting.Add(messages[i]);
        }

        _ = _signal.Writer.TryWrite(true);
        return true;
    }

    /// <summary>Waits for messages and takes all of them.</summary>
    /// <param name="empty">An empty list to put in place of the one that is taken.</param>
    /// <returns>The messages in order; null once the queue is closed.</returns>
    public async ValueTask<List<Message>?> TakeAsync(List<Message> empty)
    {
        while (await _signal.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            _ = _signal.Reader.TryRead(out _);
            lock (_lock)
            {
                if (_closed)
                    return null;
                if (_waiting.Count > 0)
                {
                    List<Message> taken = _waiting;
                    _waiting = empty;
                    return taken;
                }
            }
        }

        return null;
    }

    /// <summary>Gives back the room of messages that have been written.</summary>
    public void Written(IReadOnlyList<Message> messages)
    {
        long bytes = BytesOf(messages);
        lock (_lock)
        {
            _bytes -= bytes;
        }
    }

    /// <summary>Drops what waits and everything to come.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            _waiting = [];
        }

        _ = _signal.Writer.TryComplete();
    }

    private static long BytesOf(IReadOnlyList<Message> messages)
    {
        long bytes = 0;
        for (int i = 0; i < messages.Count; i++)
            bytes += MessageBytes + messages[i].Body.Length;
        return bytes;
    }
}
