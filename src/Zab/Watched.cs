using Zab.Core.Watches;

namespace Zab;

/// <summary>The answer of a read, and the news of the first change after it.</summary>
/// <typeparam name="T">What was read.</typeparam>
/// <param name="Value">The answer.</param>
/// <param name="Changed">Ends with the first event after the answer: no change falls between the two. Fails with
/// <see cref="SessionExpiredException"/> when the session expires, and is cancelled when it is closed.</param>
public readonly record struct Watched<T>(T Value, Task<WatchEvent> Changed);
