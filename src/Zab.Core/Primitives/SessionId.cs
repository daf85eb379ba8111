namespace Zab.Core.Primitives;

/// <summary>The identifier of a client's session, unique in its ensemble for ever.</summary>
/// <param name="Value">The 64 bits: the high 8 are the id of the server that opened it. 0 is no
/// session.</param>
public readonly record struct SessionId(long Value)
{
    /// <summary>No session.</summary>
    public static SessionId None => default;

    /// <summary>The id in hexadecimal, as ZooKeeper writes it.</summary>
    public override string ToString() => $"0x{Value:x}";
}
