namespace Zab.Core.Primitives;

/// <summary>The number of a server in its ensemble: ZooKeeper's <c>myid</c>.</summary>
/// <param name="Value">From <see cref="Min"/> to <see cref="Max"/>; 0 is no server.</param>
public readonly record struct ServerId(int Value)
{
    /// <summary>The smallest id.</summary>
    public const int Min = 1;

    /// <summary>The largest id. 255 is left out, as it marks nodes with a time to live in ZooKeeper's
    /// encoding.</summary>
    public const int Max = 254;

    /// <summary>No server.</summary>
    public static ServerId None => default;

    /// <summary>Whether the value is within <see cref="Min"/> and <see cref="Max"/>.</summary>
    public bool IsValid => Value is >= Min and <= Max;

    /// <summary>The number alone.</summary>
    public override string ToString() => $"{Value}";
}
