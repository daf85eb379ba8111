namespace Zab;

/// <summary>What a session is at one moment.</summary>
public enum ZabSessionState
{
    /// <summary>The node serves: calls are answered. Of a session that was never suspended; see
    /// <see cref="Reconnected"/>.</summary>
    Connected = 1,

    /// <summary>The node looks for a leader: calls wait. The session lives on.</summary>
    Suspended = 2,

    /// <summary>The node serves again, after the session was suspended: calls are answered. The session and
    /// its ephemeral nodes are what they were; calls that were under way may have failed.</summary>
    Reconnected = 3,

    /// <summary>The ensemble ended the session, and deleted its ephemeral nodes. Nothing follows.</summary>
    Expired = 4,

    /// <summary>The session was disposed of, or its node ended. Nothing follows.</summary>
    Closed = 5,

    /// <summary>The session was resumed elsewhere, and lives on there. Nothing follows here.</summary>
    Moved = 6,
}
