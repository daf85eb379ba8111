namespace Zab.Storage.Tests.Support;

/// <summary>The machine stopped in the middle of an operation. No error that a store could handle.</summary>
public sealed class PowerLossException : Exception
{
    public PowerLossException()
        : base("The power is gone.")
    {
    }

    public PowerLossException(string message)
        : base(message)
    {
    }

    public PowerLossException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
