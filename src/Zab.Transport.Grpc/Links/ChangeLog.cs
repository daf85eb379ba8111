using Zab.Core.Ports;
using Zab.Core.Primitives;

namespace Zab.Transport.Grpc.Links;

/// <summary>Keeps a repeated failure out of the log: each reason is news once, until it changes or the link
/// comes up. Thread-safe.</summary>
internal sealed class ChangeLog(TimeProvider timeProvider)
{
    /// <summary>How often the refusal of someone who is none of the peers may be logged.</summary>
    private static readonly TimeSpan s_strangerPause = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<(ServerId Peer, LinkKind Kind), string> _last = [];
    private long? _lastStranger;

    /// <summary>Whether this failure of a peer should be logged.</summary>
    public bool IsNews(ServerId peer, LinkKind kind, string reason)
    {
        lock (_lock)
        {
            bool news = !_last.TryGetValue((peer, kind), out string? last) || last != reason;
            _last[(peer, kind)] = reason;
            return news;
        }
    }

    /// <summary>Whether the refusal of a stranger should be logged. One may make up a new reason each
    /// time.</summary>
    public bool IsNewsOfStranger()
    {
        lock (_lock)
        {
            if (_lastStranger is { } last && timeProvider.GetElapsedTime(last) < s_strangerPause)
                return false;
            _lastStranger = timeProvider.GetTimestamp();
            return true;
        }
    }

    /// <summary>The link is up: the next failure is news again.</summary>
    public void Clear(ServerId peer, LinkKind kind)
    {
        lock (_lock)
        {
            _ = _last.Remove((peer, kind));
        }
    }
}
