#pragma warning disable IDE0130 // In the root namespace, so that the name means this type in all the woven sources.
namespace Zab;

/// <summary>Which known bug is planted on this thread. The list of them is made by the weaver.</summary>
internal static partial class Mutant
{
    /// <summary>The id of the bug that this thread's replicas have, as <c>ZB-12</c>; null when they have none.</summary>
    [ThreadStatic]
    public static string? Planted;

    /// <summary>Whether this bug is planted.</summary>
    public static bool Is(string id) => Planted is not null && string.Equals(Planted, id, StringComparison.Ordinal);
}
