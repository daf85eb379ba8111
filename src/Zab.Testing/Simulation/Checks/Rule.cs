using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Zab.Testing.Simulation.Checks;

/// <summary>Says what must hold, and costs next to nothing while it does.</summary>
internal static class Rule
{
    /// <summary>Fails the run when <paramref name="condition"/> is false.</summary>
    /// <param name="condition">What must hold.</param>
    /// <param name="text">The id of the rule, a colon, and the facts; only made when they are needed.</param>
    /// <exception cref="ViolationException">The condition is false.</exception>
    public static void Holds(
        [DoesNotReturnIf(false)] bool condition,
        [InterpolatedStringHandlerArgument(nameof(condition))] ref RuleText text)
    {
        if (!condition)
        {
            throw new ViolationException(text.Take());
        }
    }
}
