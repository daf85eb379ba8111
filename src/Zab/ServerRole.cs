namespace Zab;

/// <summary>What a server is for in its ensemble.</summary>
public enum ServerRole
{
    /// <summary>Votes, acknowledges writes, and may become the leader.</summary>
    Participant = 1,

    /// <summary>Follows the leader and serves reads, without a vote: it adds readers, and makes no write
    /// slower.</summary>
    Observer = 2,
}
