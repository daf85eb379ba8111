namespace Zab.Testing.Simulation;

/// <summary>A check of a simulation does not hold: a bug, in Zab or, where a test plants one, in the
/// test.</summary>
public sealed class ViolationException : Exception
{
    /// <summary>Makes the exception.</summary>
    public ViolationException()
        : this("A check does not hold.")
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">The check's id, a colon, and what is wrong.</param>
    public ViolationException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">The check's id, a colon, and what is wrong.</param>
    /// <param name="innerException">What caused it.</param>
    public ViolationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
