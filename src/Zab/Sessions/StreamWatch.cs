using System.Threading.Channels;
using Zab.Core.Watches;

namespace Zab.Sessions;

/// <summary>A watch that stays, and its events that have not been read yet.</summary>
/// <remarks>Bounded; full means the end (R19): a reader who is that far behind is told so, and the node does
/// not wait for him.</remarks>
internal sealed class StreamWatch(string path, WatchMode mode, ISessionHost host) : LocalWatch(path, mode)
{
    /// <summary>How many events may wait to be read.</summary>
    public const int EventsMax = 4096;

    private readonly Channel<WatchEvent> _events = Channel.CreateBounded<WatchEvent>(
        new BoundedChannelOptions(EventsMax)
        {
            FullMode = BoundedChannelFullMode.Wait,
            SingleWriter = true,
            AllowSynchronousContinuations = host.ContinuesInline,
        });

    private volatile bool _isOver;

    /// <summary>The events, in order.</summary>
    public ChannelReader<WatchEvent> Events => _events.Reader;

    /// <inheritdoc/>
    public override void Fire(in WatchEvent fired)
    {
        if (!_isOver && !_events.Writer.TryWrite(fired))
        {
            End(new WatchOverflowException(Path, EventsMax));
        }
    }

    /// <inheritdoc/>
    public override void End(Exception? error)
    {
        _isOver = true;
        _ = _events.Writer.TryComplete(error);
    }
}
