namespace Zab.Sessions;

/// <summary>What a watch needs to call observers.</summary>
/// <param name="Run">Runs the task that calls them: on the thread pool, or, in a simulation, at once.</param>
/// <param name="OnObserverFailed">Hears of an observer that throws.</param>
internal sealed record WatchHooks(Func<Func<Task>, Task> Run, Action<Exception> OnObserverFailed)
{
    /// <summary>Those of a node.</summary>
    public static WatchHooks Of(ISessionHost host, string path) => new(
        host.ContinuesInline ? static work => work() : Task.Run, e => host.OnObserverFailed(path, e));
}
