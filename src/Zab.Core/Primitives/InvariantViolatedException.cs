using System;

namespace Zab.Core.Primitives;

/// <summary>A check inside the replica failed: a bug of this library. The replica that threw it must not go
/// on.</summary>
public sealed class InvariantViolatedException : Exception
{
    /// <summary>Makes the exception.</summary>
    public InvariantViolatedException()
        : this("an invariant")
    {
    }

    /// <summary>Makes the exception for the expression that failed.</summary>
    /// <param name="expression">The text of the condition that did not hold.</param>
    public InvariantViolatedException(string expression)
        : base(
            $"This must hold and does not: {expression}. It is a bug in Zab; "
            + "the node stops to protect its data.")
    {
    }

    /// <summary>Makes the exception with its cause.</summary>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The cause.</param>
    public InvariantViolatedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
