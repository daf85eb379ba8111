using System.Threading.Channels;
using Zab.Core.Primitives;

namespace Zab.Sessions;

/// <summary>One reader of the <see cref="ChangeLog"/>: his place in it, and the signal that there is more.
/// For one thread at a time, but for <see cref="Wake"/> and <see cref="End"/>.</summary>
/// <param name="log">The log.</param>
/// <param name="after">Where to begin: after this zxid.</param>
/// <param name="continuesInline">See <see cref="ISessionHost.ContinuesInline"/>.</param>
internal sealed class ChangeReader(ChangeLog log, Zxid after, bool continuesInline) : IDisposable
{
    private const int BatchMax = 32;

    /// <summary>Holds one signal, which a second one would only repeat (DropWrite).</summary>
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1)
        {
            FullMode = BoundedChannelFullMode.DropWrite,
            SingleReader = true,
            AllowSynchronousContinuations = continuesInline,
        });

    private readonly TxnChanges[] _batch = new TxnChanges[BatchMax];
    private Zxid _place = after;
    private int _next;
    private int _filled;
    private volatile bool _isOver;

    /// <summary>Takes the next transaction, or the next gap.</summary>
    /// <returns>False when there is none now, or the reader's session is over: <see cref="WaitAsync"/> tells
    /// which.</returns>
    public bool TryTake(out TxnChanges next)
    {
        next = default;
        if (_next == _filled)
        {
            (_next, _filled) = (0, _isOver ? 0 : log.Read(this, ref _place, _batch));
        }

        if (_isOver || _next == _filled)
        {
            return false;
        }

        next = _batch[_next];
        _batch[_next++] = default;
        return true;
    }

    /// <summary>Waits until there may be more.</summary>
    /// <returns>False when the session was closed.</returns>
    /// <exception cref="SessionExpiredException">It has expired.</exception>
    public async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        bool goesOn = await _signal.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false);
        while (_signal.Reader.TryRead(out _))
        {
            // The log is asked next, so the signal has done its work.
        }

        return goesOn;
    }

    /// <summary>There is more.</summary>
    public void Wake() => _ = _signal.Writer.TryWrite(true);

    /// <summary>The session is over.</summary>
    /// <param name="error">Why; null when it was closed.</param>
    public void End(Exception? error)
    {
        _isOver = true;
        _ = _signal.Writer.TryComplete(error);
    }

    /// <inheritdoc/>
    public void Dispose() => log.Leave(this);
}
