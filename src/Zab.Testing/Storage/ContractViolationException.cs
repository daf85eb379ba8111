namespace Zab.Testing.Storage;

/// <summary>An implementation does not keep the contract of its port; the message says which sentence of
/// it.</summary>
public sealed class ContractViolationException : Exception
{
    /// <summary>Makes the exception.</summary>
    public ContractViolationException()
    {
    }

    /// <summary>Makes the exception with a message.</summary>
    /// <param name="message">What was expected, and what came.</param>
    public ContractViolationException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with a message and its cause.</summary>
    /// <param name="message">What was expected, and what came.</param>
    /// <param name="innerException">The cause.</param>
    public ContractViolationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
