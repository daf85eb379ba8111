namespace Zab.Sessions;

/// <summary>The readers of changes that a session has, which end with it. Thread-safe.</summary>
internal sealed class SessionStreams
{
    private readonly Lock _lock = new();
    private readonly List<ChangeReader> _readers = [];
    private bool _isOver;
    private Exception? _error;

    /// <summary>Adds a reader; ends him at once when the session is over.</summary>
    public void Add(ChangeReader reader)
    {
        lock (_lock)
        {
            if (!_isOver)
            {
                _readers.Add(reader);
                return;
            }
        }

        reader.End(_error);
    }

    /// <summary>Removes a reader, who has left.</summary>
    public void Remove(ChangeReader reader)
    {
        lock (_lock)
        {
            _ = _readers.Remove(reader);
        }
    }

    /// <summary>Ends all readers, once.</summary>
    public void EndAll(Exception? error)
    {
        List<ChangeReader> ended;
        lock (_lock)
        {
            if (_isOver)
            {
                return;
            }

            (_isOver, _error) = (true, error);
            ended = [.. _readers];
            _readers.Clear();
        }

        ended.ForEach(reader => reader.End(error));
    }
}
