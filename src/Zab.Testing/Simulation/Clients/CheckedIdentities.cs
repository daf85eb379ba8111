using Zab.Core.Access;

namespace Zab.Testing.Simulation.Clients;

/// <summary>Who a client is from a request on that says so.</summary>
/// <param name="before">Who it was before; null at the beginning.</param>
/// <param name="added">What the request adds.</param>
internal sealed class CheckedIdentities(CheckedIdentities? before, IReadOnlyList<Identity>? added)
{
    /// <summary>Whether the request was turned away at the door, and added nothing.</summary>
    public bool IsVoid { get; set; }

    /// <summary>Who the client is.</summary>
    public IReadOnlyList<Identity> Who => IsVoid || added is null
        ? before?.Who ?? []
        : [.. (before?.Who ?? []).Union(added)];
}
