namespace Zab.Core.Access;

/// <summary>The names of the schemes that every ensemble knows.</summary>
internal static class Schemes
{
    /// <summary>Everyone; the one id is <see cref="Anyone"/>.</summary>
    public const string World = "world";

    /// <summary>The id of <see cref="World"/>.</summary>
    public const string Anyone = "anyone";

    /// <summary>In a request: whoever makes it. It is never stored.</summary>
    public const string Auth = "auth";

    /// <summary>A user name and the hash of user name and password.</summary>
    public const string Digest = "digest";

    /// <summary>Never refused anything.</summary>
    public const string Super = "super";
}
