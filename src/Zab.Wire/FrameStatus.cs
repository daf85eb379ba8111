namespace Zab.Wire;

/// <summary>What <see cref="FrameReader"/> found at the start of its input.</summary>
internal enum FrameStatus
{
    /// <summary>More bytes must come first.</summary>
    Incomplete,

    /// <summary>A whole frame is there.</summary>
    Complete,

    /// <summary>The length is negative or over the limit: the connection is to be closed.</summary>
    Refused,
}
