namespace Zab.Testing;

/// <summary>A scenario on a <see cref="SimulatedEnsemble"/> failed, or never ended. The message names the
/// seed, which gives the same run again, and the last events; the inner exception is what the scenario
/// threw.</summary>
public sealed class SimulationFailedException : Exception
{
    /// <summary>Makes the exception.</summary>
    public SimulationFailedException()
        : this("The scenario failed.")
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What failed, and with which seed.</param>
    public SimulationFailedException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What failed, and with which seed.</param>
    /// <param name="innerException">What the scenario threw.</param>
    public SimulationFailedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal SimulationFailedException(
        string message, ulong seed, IReadOnlyList<string> events, Exception innerException)
        : base(message, innerException) => (Seed, Events) = (seed, events);

    /// <summary>The seed of the run.</summary>
    public ulong Seed { get; }

    /// <summary>What happened to the ensemble, a line an event: the last of it, or all of it with
    /// <see cref="SimulatedEnsembleOptions.Trace"/>.</summary>
    public IReadOnlyList<string> Events { get; } = [];
}
