namespace Zab;

/// <summary>The configuration cannot be used. The message lists every problem, and what to change.</summary>
public sealed class ZabConfigurationException : Exception
{
    /// <summary>Makes the exception.</summary>
    public ZabConfigurationException()
        : this("The configuration cannot be used.")
    {
    }

    /// <summary>Makes the exception for one problem.</summary>
    /// <param name="message">The problem, and what to change.</param>
    public ZabConfigurationException(string message)
        : base(message) => Problems = [message];

    /// <summary>Makes the exception for one problem that has a cause.</summary>
    /// <param name="message">The problem, and what to change.</param>
    /// <param name="innerException">The cause.</param>
    public ZabConfigurationException(string message, Exception innerException)
        : base(message, innerException) => Problems = [message];

    /// <summary>Makes the exception for several problems.</summary>
    /// <param name="source">What was read: the name of a file or of a type.</param>
    /// <param name="problems">The problems, in the order in which they were found; at least one.</param>
    internal ZabConfigurationException(string source, IReadOnlyList<string> problems)
        : base($"{source} cannot be used:{string.Concat(problems.Select(problem => "\n  " + problem))}") =>
        Problems = [.. problems];

    /// <summary>The problems, one by one. At least one.</summary>
    public IReadOnlyList<string> Problems { get; }
}
