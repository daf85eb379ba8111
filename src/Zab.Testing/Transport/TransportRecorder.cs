using Zab.Core.Messages;
using Zab.Core.Ports;
using Zab.Core.Primitives;

namespace Zab.Testing.Transport;

/// <summary>Listens to a transport: keeps what it tells, and checks that it tells it in a lawful
/// order.</summary>
/// <remarks>Thread-safe. The first breach of the law is kept, and thrown by whoever waits next.</remarks>
public sealed class TransportRecorder : ITransportEvents
{
    private readonly Lock _lock = new();
    private readonly List<TransportEvent> _events = [];
    private readonly Dictionary<(ServerId Peer, LinkKind Kind), Link> _up = [];
    private readonly Dictionary<(ServerId Peer, LinkKind Kind), long> _numbers = [];
    private readonly Dictionary<Link, List<Message>> _messages = [];
    private readonly HashSet<Link> _busy = [];
    private TaskCompletionSource _changed = NewSignal();
    private TaskCompletionSource _gate = NewSignal();
    private string? _breach;
    private bool _closed;

    /// <summary>Makes a recorder whose gate is open.</summary>
    public TransportRecorder() => _gate.SetResult();

    /// <summary>All events so far, in order.</summary>
    public IReadOnlyList<TransportEvent> Events
    {
        get
        {
            lock (_lock)
            {
                return [.. _events];
            }
        }
    }

    /// <summary>Lets no received message be taken until <see cref="OpenGate"/>: a node that is
    /// slow.</summary>
    public void CloseGate()
    {
        lock (_lock)
        {
            _gate = NewSignal();
        }
    }

    /// <summary>Takes messages again.</summary>
    public void OpenGate()
    {
        lock (_lock)
        {
            _ = _gate.TrySetResult();
        }
    }

    /// <summary>From now on every event is a breach: the transport has been disposed.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
        }
    }

    /// <summary>The messages that came on a link so far, in order.</summary>
    /// <param name="link">The link.</param>
    public IReadOnlyList<Message> MessagesOn(Link link)
    {
        lock (_lock)
        {
            return [.. _messages.GetValueOrDefault(link, [])];
        }
    }

    /// <summary>How many messages came on a link so far.</summary>
    /// <param name="link">The link.</param>
    public int CountOn(Link link)
    {
        lock (_lock)
        {
            return _messages.GetValueOrDefault(link, []).Count;
        }
    }

    /// <summary>The link with a peer that is up now, if one is.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="kind">The kind.</param>
    public Link? LinkWith(ServerId peer, LinkKind kind)
    {
        lock (_lock)
        {
            return _up.TryGetValue((peer, kind), out Link link) ? link : null;
        }
    }

    /// <summary>Throws if the transport broke the law so far.</summary>
    /// <exception cref="ContractViolationException">It did.</exception>
    public void Check()
    {
        lock (_lock)
        {
            if (_breach is not null)
                throw new ContractViolationException(_breach);
        }
    }

    /// <summary>Waits until <paramref name="find"/> finds something.</summary>
    /// <param name="find">Looks at the recorder, again after each event; returns null to wait on.</param>
    /// <param name="what">What is awaited, for the message of the failure.</param>
    /// <param name="cancellationToken">Gives up, which is a failure.</param>
    /// <typeparam name="T">What is looked for.</typeparam>
    /// <returns>What was found.</returns>
    /// <exception cref="ContractViolationException">It did not come in time, or the law was
    /// broken.</exception>
    public async Task<T> WaitAsync<T>(
        Func<TransportRecorder, T?> find, string what, CancellationToken cancellationToken)
        where T : struct
    {
        ArgumentNullException.ThrowIfNull(find);
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                changed = _changed.Task;
            }

            Check();
            if (find(this) is { } found)
                return found;
            try
            {
                await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException e)
            {
                throw new ContractViolationException($"This did not happen in time: {what}. {Describe()}", e);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask LinkUpAsync(Link link, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Require(!_up.ContainsKey((link.Peer, link.Kind)), $"{link} came up while another was up");
            long last = _numbers.GetValueOrDefault((link.Peer, link.Kind));
            Require(link.Number > last, $"{link} came up after number {last}");
            _numbers[(link.Peer, link.Kind)] = link.Number;
            _up[(link.Peer, link.Kind)] = link;
            _messages[link] = [];
            Add(new TransportEvent.Up(link));
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask ReceivedAsync(
        Link link, IReadOnlyList<Message> messages, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(messages);
        Task gate;
        lock (_lock)
        {
            Require(_up.TryGetValue((link.Peer, link.Kind), out Link up) && up == link,
                $"messages came on {link}, not up");
            Require(_busy.Add(link), $"two events of {link} at a time");
            gate = _gate.Task;
        }

        try
        {
            await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
            {
                _ = _busy.Remove(link);
                if (gate.IsCompletedSuccessfully)
                {
                    _messages[link].AddRange(messages);
                    Add(new TransportEvent.Received(link, messages));
                }
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask LinkDownAsync(Link link, string reason, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Require(_up.TryGetValue((link.Peer, link.Kind), out Link up) && up == link,
                $"{link} went down, but was not up");
            Require(!_busy.Contains(link), $"{link} went down during another event of it");
            Require(!string.IsNullOrWhiteSpace(reason), $"{link} went down without a reason");
            _ = _up.Remove((link.Peer, link.Kind));
            Add(new TransportEvent.Down(link, reason));
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask ConnectFailedAsync(ServerId peer, string reason, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Require(
                !string.IsNullOrWhiteSpace(reason), $"connecting to server {peer} failed without a reason");
            Add(new TransportEvent.ConnectFailed(peer, reason));
        }

        return ValueTask.CompletedTask;
    }

    private static TaskCompletionSource NewSignal() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Add(TransportEvent transportEvent)
    {
        Require(!_closed, $"after dispose came {transportEvent}");
        _events.Add(transportEvent);
        TaskCompletionSource changed = _changed;
        _changed = NewSignal();
        changed.SetResult();
    }

    private void Require(bool condition, string breach)
    {
        if (!condition)
            _breach ??= $"A transport broke its promise: {breach}.";
    }

    private string Describe()
    {
        lock (_lock)
        {
            IEnumerable<TransportEvent> last =
                _events.Where(e => e is not TransportEvent.Received).TakeLast(10);
            return $"{_events.Count} events came; the last that were no messages: {string.Join("; ", last)}";
        }
    }
}
