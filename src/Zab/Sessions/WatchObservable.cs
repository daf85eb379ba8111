using System.Diagnostics.CodeAnalysis;
using Zab.Core.Watches;

namespace Zab.Sessions;

/// <summary>The events of one watch for observers. One task reads them, from the first observer on, and calls
/// the observers one after the other.</summary>
/// <param name="events">The events.</param>
/// <param name="hooks">How the task is run, and who hears of an observer that throws.</param>
internal sealed class WatchObservable(IAsyncEnumerable<WatchEvent> events, WatchHooks hooks)
    : IObservable<WatchEvent>
{
    private readonly Lock _lock = new();
    private readonly List<Subscription> _observers = [];
    private bool _hasBegun;
    private bool _isOver;
    private Exception? _error;

    /// <inheritdoc/>
    public IDisposable Subscribe(IObserver<WatchEvent> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        Subscription subscription = new(this, observer);
        bool begins;
        bool isOver;
        lock (_lock)
        {
            (begins, isOver) = (!_hasBegun, _isOver);
            _hasBegun = true;
            if (!isOver)
            {
                _observers.Add(subscription);
            }
        }

        if (begins)
        {
            _ = hooks.Run(ReadAsync);
        }
        else if (isOver)
        {
            TellEnd(subscription);
        }

        return subscription;
    }

    [SuppressMessage("Design", "CA1031",
        Justification = "Whatever ends the events is told to the observers.")]
    private async Task ReadAsync()
    {
        Exception? error = null;
        try
        {
            await foreach (WatchEvent fired in events.ConfigureAwait(false))
            {
                foreach (Subscription subscription in Observers())
                {
                    Tell(subscription, observer => observer.OnNext(fired));
                }
            }
        }
        catch (Exception e)
        {
            error = e;
        }

        List<Subscription> told;
        lock (_lock)
        {
            (_isOver, _error) = (true, error);
            told = [.. _observers];
            _observers.Clear();
        }

        told.ForEach(TellEnd);
    }

    private Subscription[] Observers()
    {
        lock (_lock)
        {
            return [.. _observers];
        }
    }

    private void TellEnd(Subscription subscription) => Tell(
        subscription,
        observer =>
        {
            subscription.Dispose();
            if (_error is null)
            {
                observer.OnCompleted();
            }
            else
            {
                observer.OnError(_error);
            }
        });

    /// <summary>Calls an observer, unless he has left. One that throws is told nothing more, and harms nobody
    /// else.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "It is an observer's own failure, and reported.")]
    private void Tell(Subscription subscription, Action<IObserver<WatchEvent>> what)
    {
        if (subscription.HasLeft)
        {
            return;
        }

        try
        {
            what(subscription.Observer);
        }
        catch (Exception e)
        {
            subscription.Dispose();
            hooks.OnObserverFailed(e);
        }
    }

    private sealed class Subscription(WatchObservable source, IObserver<WatchEvent> observer) : IDisposable
    {
        private volatile bool _hasLeft;

        public IObserver<WatchEvent> Observer => observer;

        public bool HasLeft => _hasLeft;

        public void Dispose()
        {
            _hasLeft = true;
            lock (source._lock)
            {
                _ = source._observers.Remove(this);
            }
        }
    }
}
