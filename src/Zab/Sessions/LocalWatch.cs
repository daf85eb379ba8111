using Zab.Core.Watches;

namespace Zab.Sessions;

/// <summary>Someone in this process who waits for the events of a watch.</summary>
/// <remarks>The loop owns it, but for what a derived class hands to readers. The replica knows one watch for
/// each session, path and mode; several of these may stand behind it.</remarks>
internal abstract class LocalWatch(string path, WatchMode mode)
{
    /// <summary>The watched node.</summary>
    public string Path => path;

    /// <summary>The kind of watch.</summary>
    public WatchMode Mode => mode;

    /// <summary>Whether the replica has registered the watch: events that came before are not for this
    /// one.</summary>
    public bool IsActive { get; set; }

    /// <summary>Whether the node did not exist when the watch was left. A client that connects anew must say
    /// so.</summary>
    public bool AwaitsCreation { get; set; }

    /// <summary>Whether the watch is used up by its first event.</summary>
    public bool IsOneShot => mode is WatchMode.Data or WatchMode.Children;

    /// <summary>The watch fired. Never blocks.</summary>
    public abstract void Fire(in WatchEvent fired);

    /// <summary>No event follows.</summary>
    /// <param name="error">Why; null when the session was closed by its owner.</param>
    public abstract void End(Exception? error);
}
