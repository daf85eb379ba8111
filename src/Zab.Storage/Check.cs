using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Zab.Storage;

/// <summary>Checks that stay on: a condition that can only fail through a bug of this library.</summary>
internal static class Check
{
    /// <summary>Stops the store when <paramref name="condition"/> is false.</summary>
    public static void Holds(
        [DoesNotReturnIf(false)] bool condition,
        [CallerArgumentExpression(nameof(condition))] string? expression = null)
    {
        if (!condition)
        {
            throw new UnreachableException(
                $"This must hold and does not: {expression}. It is a bug in Zab.Storage.");
        }
    }
}
