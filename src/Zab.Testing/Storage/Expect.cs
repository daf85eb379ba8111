using System.Runtime.CompilerServices;

namespace Zab.Testing.Storage;

/// <summary>The contract's assertions, which need no test framework.</summary>
internal static class Expect
{
    /// <summary>That something holds.</summary>
    public static void That(
        bool condition,
        string promise,
        [CallerArgumentExpression(nameof(condition))] string? expression = null)
    {
        if (!condition)
        {
            throw new ContractViolationException($"{promise}: this does not hold: {expression}.");
        }
    }

    /// <summary>That two values are equal.</summary>
    public static void Equal<T>(T expected, T actual, string promise)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            throw new ContractViolationException($"{promise}: expected {expected}, and got {actual}.");
        }
    }

    /// <summary>That an action is refused.</summary>
    public static void Throws<TException>(Action action, string promise)
        where TException : Exception
    {
        try
        {
            action();
        }
        catch (TException)
        {
            return;
        }

        throw new ContractViolationException(
            $"{promise}: expected a {typeof(TException).Name}, and nothing was thrown.");
    }
}
