namespace Zab.Wire;

/// <summary>The numbers of the packets that are no operation of the core.</summary>
internal static class WireType
{
    /// <summary>A sign of life.</summary>
    public const int Ping = 11;

    /// <summary>A change of the ensemble.</summary>
    public const int Reconfig = 16;

    /// <summary>A step of a SASL exchange.</summary>
    public const int Sasl = 102;

    /// <summary>In a multi: its end, or an operation that failed.</summary>
    public const int Error = -1;
}
