using System;
using Zab.Core.Primitives;

namespace Zab.Core.Watches;

/// <summary>The modes in which one session watches one path, as a set.</summary>
[Flags]
internal enum WatchModes
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><see cref="WatchMode.Children"/>.</summary>
    Children = 1,

    /// <summary><see cref="WatchMode.Data"/>.</summary>
    Data = 2,

    /// <summary><see cref="WatchMode.Persistent"/>.</summary>
    Persistent = 4,

    /// <summary><see cref="WatchMode.PersistentRecursive"/>.</summary>
    PersistentRecursive = 8,
}

/// <summary>All that one session watches on one path.</summary>
/// <param name="watcher">Who watches.</param>
/// <param name="path">What.</param>
/// <param name="order">Counts up over all registrations: events go out in this order.</param>
internal sealed class Watch(Watcher watcher, string path, long order)
{
    /// <summary>Who watches.</summary>
    public Watcher Watcher { get; } = watcher;

    /// <summary>The session of <see cref="Watcher"/>.</summary>
    public SessionId Session => Watcher.Session;

    /// <summary>The watched node.</summary>
    public string Path { get; } = path;

    /// <summary>The place of the first registration among all.</summary>
    public long Order { get; } = order;

    /// <summary>How it is watched; a watch without modes is not kept.</summary>
    public WatchModes Modes { get; set; }
}
