namespace Zab.Testing;

/// <summary>An implementation of a port does not do what the port promises.</summary>
public sealed class ContractViolationException : Exception
{
    /// <summary>Makes the exception.</summary>
    public ContractViolationException()
        : this("The contract of a port was violated.")
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What was promised, and what happened instead.</param>
    public ContractViolationException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with its cause.</summary>
    /// <param name="message">What was promised, and what happened instead.</param>
    /// <param name="innerException">The cause.</param>
    public ContractViolationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
