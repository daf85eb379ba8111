using System.Diagnostics.CodeAnalysis;
using System.Globalization;
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

/// <summary>The text of a rule that was broken; empty, and for nothing, while the rule holds.</summary>
[InterpolatedStringHandler]
internal ref struct RuleText
{
    private DefaultInterpolatedStringHandler _text;

    /// <summary>Begins a text, if one is needed. The compiler calls it.</summary>
    public RuleText(int literalLength, int formattedCount, bool condition, out bool isNeeded)
    {
        isNeeded = !condition;
        _text = isNeeded
            ? new DefaultInterpolatedStringHandler(
                literalLength, formattedCount, CultureInfo.InvariantCulture)
            : default;
    }

    /// <summary>Adds words.</summary>
    public void AppendLiteral(string value) => _text.AppendLiteral(value);

    /// <summary>Adds a fact.</summary>
    public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

    /// <summary>The whole text.</summary>
    public string Take() => _text.ToStringAndClear();
}
