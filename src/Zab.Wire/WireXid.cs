namespace Zab.Wire;

/// <summary>The xids of packets that are no ordinary requests; those of requests are above 0.</summary>
internal static class WireXid
{
    /// <summary>A sign of life, and its answer.</summary>
    public const int Ping = -2;

    /// <summary>An auth packet, and its answer.</summary>
    public const int Auth = -4;

    /// <summary>The old watches of a client that comes back, and their answer.</summary>
    public const int SetWatches = -8;
}
