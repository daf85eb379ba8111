namespace Zab.Benchmarks.Measured;

/// <summary>Walks an array of paths round and round, a chunk at a time.</summary>
internal sealed class PathWalk(string[] paths)
{
    private const int ChunkSize = 1_000;

    private int _next;

    /// <summary>The next paths.</summary>
    public ReadOnlySpan<string> Next()
    {
        if (_next + ChunkSize > paths.Length)
        {
            _next = 0;
        }

        ReadOnlySpan<string> chunk = paths.AsSpan(_next, ChunkSize);
        _next += ChunkSize;
        return chunk;
    }
}
