using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Zab.Core.Primitives;

/// <summary>Checks that stay on: a condition that can only fail through a bug of ours.</summary>
internal static class Invariant
{
    /// <summary>Stops the replica when <paramref name="condition"/> is false.</summary>
    /// <param name="condition">One condition, without side effects.</param>
    /// <param name="expression">The text of the condition; supplied by the compiler.</param>
    /// <exception cref="InvariantViolatedException">The condition is false.</exception>
    public static void Holds(
        [DoesNotReturnIf(false)] bool condition,
        [CallerArgumentExpression(nameof(condition))] string? expression = null)
    {
        if (!condition)
        {
            throw new InvariantViolatedException(expression ?? "an invariant");
        }
    }
}
