namespace Zab;

/// <summary>What a session is at one moment.</summary>
public enum ZabSessionState
{
    /// <summary>The node serves: calls are answered.</summary>
    Connected = 1,

    /// <summary>The node looks for a leader: calls wait. The session lives on.</summary>
    Suspended = 2,

    /// <summary>The ensemble ended the session, and deleted its ephemeral nodes. Nothing follows.</summary>
    Expired = 3,

    /// <summary>The session was disposed of, or its node ended. Nothing follows.</summary>
    Closed = 4,
}
