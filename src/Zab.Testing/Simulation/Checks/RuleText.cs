using System.Globalization;
using System.Runtime.CompilerServices;

namespace Zab.Testing.Simulation.Checks;

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
