using Zab.Core.Messages;
using Zab.Core.Ports;
using Zab.Core.Primitives;

namespace Zab.Testing.Transport;

/// <summary>A transport within one process. Make it with
/// <see cref="InMemoryNetwork.CreateTransport"/>.</summary>
public sealed class InMemoryTransport : ITransport
{
    private readonly InMemoryNetwork _network;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<(ServerId Peer, LinkKind Kind), InMemoryLinkEnd> _ends = [];
    private readonly HashSet<Task> _tasks = [];
    private ITransportEvents? _events;
    private long _number;
    private bool _disposed;

    internal InMemoryTransport(InMemoryNetwork network, ServerId self, string ensembleId)
    {
        _network = network;
        Self = self;
        EnsembleId = ensembleId;
    }

    /// <summary>The server whose transport this is.</summary>
    public ServerId Self { get; }

    /// <summary>The ensemble to which it belongs.</summary>
    public string EnsembleId { get; }

    /// <inheritdoc/>
    public ValueTask StartAsync(ITransportEvents events, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(events);
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_events is not null)
            throw new InvalidOperationException("A transport is started once.");
        _events = events;
        _network.Join(this);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public void Connect(ServerId peer) => Track(async () =>
    {
        string? failure = _network.TryConnect(this, peer);
        if (failure is not null && !_stopping.IsCancellationRequested)
            await _events!.ConnectFailedAsync(peer, failure, _stopping.Token).ConfigureAwait(false);
    });

    /// <inheritdoc/>
    public void Send(Link link, IReadOnlyList<Message> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        Find(link)?.Send(messages);
    }

    /// <inheritdoc/>
    public void Break(Link link, string reason) => Find(link)?.End(reason);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        IReadOnlyList<InMemoryLinkEnd> ends = _network.Leave(this);
        await Task.WhenAll(ends.Select(end => end.Finished)).ConfigureAwait(false);
        Task[] tasks;
        lock (_lock)
        {
            tasks = [.. _tasks];
        }

        await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    /// <summary>Whether a link of this kind is up or coming up.</summary>
    internal bool IsLinked(ServerId peer, LinkKind kind)
    {
        lock (_lock)
        {
            return _ends.TryGetValue((peer, kind), out InMemoryLinkEnd? end) && !end.IsEnding;
        }
    }

    /// <summary>Makes the end of a new link, and ends the one that it replaces.</summary>
    internal InMemoryLinkEnd MakeEnd(ServerId peer, LinkKind kind, long queueBytesMax)
    {
        lock (_lock)
        {
            _ = _ends.TryGetValue((peer, kind), out InMemoryLinkEnd? older);
            older?.End("replaced by a newer link");
            return _ends[(peer, kind)] =
                new InMemoryLinkEnd(new Link(peer, kind, ++_number), older, queueBytesMax);
        }
    }

    /// <summary>Starts the events of an end; when both ends are done, an election link is made
    /// anew.</summary>
    internal void Run(InMemoryLinkEnd end) => Track(async () =>
    {
        await end.RunAsync(_events!, _stopping.Token).ConfigureAwait(false);
        Task both = end.BothFinished;
        if (end.Link.Kind == LinkKind.Election)
        {
            // Not awaited: the other server may take its time, and this one may be disposed meanwhile.
            _ = both.ContinueWith(
                _ => _network.Relink(Self, end.Link.Peer), CancellationToken.None,
                TaskContinuationOptions.None, TaskScheduler.Default);
        }
    });

    /// <summary>Ends the links with one peer.</summary>
    internal void EndLinks(ServerId peer, string reason)
    {
        foreach (InMemoryLinkEnd end in Ends().Where(end => end.Link.Peer == peer))
            end.End(reason);
    }

    /// <summary>Ends all links.</summary>
    internal IReadOnlyList<InMemoryLinkEnd> EndAll(string reason)
    {
        IReadOnlyList<InMemoryLinkEnd> ends = Ends();
        foreach (InMemoryLinkEnd end in ends)
            end.End(reason);
        return ends;
    }

    private IReadOnlyList<InMemoryLinkEnd> Ends()
    {
        lock (_lock)
        {
            return [.. _ends.Values];
        }
    }

    private InMemoryLinkEnd? Find(Link link)
    {
        lock (_lock)
        {
            return _ends.TryGetValue((link.Peer, link.Kind), out InMemoryLinkEnd? end) && end.Link == link
                ? end : null;
        }
    }

    private void Track(Func<Task> run)
    {
        Task task = Task.Run(run);
        lock (_lock)
        {
            _ = _tasks.RemoveWhere(done => done.IsCompleted);
            _ = _tasks.Add(task);
        }
    }
}
