namespace Zab.Server.Statistics;

/// <summary>How much is watched through a server.</summary>
/// <param name="Sessions">How many sessions watch something.</param>
/// <param name="Paths">How many paths are watched.</param>
/// <param name="Watches">How many watches there are: session, path and mode.</param>
internal readonly record struct WatchTotals(int Sessions, int Paths, int Watches);
