namespace Zab.Core.Access;

/// <summary>Who a session is, by one scheme; it may be several at once.</summary>
/// <param name="Scheme">The scheme that found it out: <c>digest</c>, <c>ip</c>, <c>super</c>, or one of the
/// host's own.</param>
/// <param name="Id">The name.</param>
public readonly record struct Identity(string Scheme, string Id)
{
    /// <summary>Whoever may do everything: no list of permissions is asked.</summary>
    public static Identity Super { get; } = new(Schemes.Super, "");
}
