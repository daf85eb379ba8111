using System.Diagnostics.CodeAnalysis;

namespace Zab;

/// <summary>A node ended, so it cannot do what was asked. The inner exception is the cause, if it failed.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Made by the node alone, which always has a reason.")]
public sealed class ZabNodeFailedException : Exception
{
    /// <summary>Makes the exception.</summary>
    internal ZabNodeFailedException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
