namespace Zab.Benchmarks.Detailed;

/// <summary>Gives paths of <see cref="Shape.Even"/> out, one after another, in random order.</summary>
/// <param name="count">How many different ones.</param>
internal sealed class PathRing(int count)
{
    private readonly string[] _paths = Shape.Even.ShuffledPaths()[..count];
    private int _next;

    /// <summary>The next path.</summary>
    public string Next()
    {
        _next = _next + 1 == _paths.Length ? 0 : _next + 1;
        return _paths[_next];
    }
}
