using System;
using System.Collections.Generic;
using Zab.Core.Primitives;

namespace Zab.Core.Watches;

/// <summary>A session that watches something.</summary>
/// <param name="session">The session.</param>
internal sealed class Watcher(SessionId session)
{
    private long _noticed;

    /// <summary>The session.</summary>
    public SessionId Session => session;

    /// <summary>What it watches, by path.</summary>
    public Dictionary<string, Watch> ByPath { get; } = new(StringComparer.Ordinal);

    /// <summary>The number of its watches: path and mode.</summary>
    public int Count { get; set; }

    /// <summary>How long the paths that it watches are together, in UTF-16 units.</summary>
    public long Letters { get; set; }

    /// <summary>Whether it has not had an event of a notice yet. From now on it has.</summary>
    /// <param name="notice">The number of the notice, above that of all earlier ones.</param>
    public bool TryNotice(long notice)
    {
        bool isNew = _noticed != notice;
        _noticed = notice;
        return isNew;
    }
}
