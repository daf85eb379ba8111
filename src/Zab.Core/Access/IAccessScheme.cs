namespace Zab.Core.Access;

/// <summary>How the names of one scheme stand in a list of permissions, and whom they mean.</summary>
/// <remarks>Pure and thread-safe: the same answers everywhere and always, on every server of the ensemble. A
/// server that lacks a scheme lets nobody pass by it. Source: ZooKeeper
/// <c>AuthenticationProvider</c>.</remarks>
public interface IAccessScheme
{
    /// <summary>The name of the scheme.</summary>
    string Scheme { get; }

    /// <summary>Whether its identities count for <c>auth</c> in a list of permissions: not those that prove
    /// nothing, such as an address.</summary>
    bool IsAuthenticated { get; }

    /// <summary>Whether a name may stand in a list of permissions.</summary>
    /// <param name="id">The name.</param>
    bool IsValid(string id);

    /// <summary>Whether a name in a list of permissions means a session.</summary>
    /// <param name="identity">The session's id in this scheme.</param>
    /// <param name="id">The name in the list.</param>
    bool Matches(string identity, string id);
}
