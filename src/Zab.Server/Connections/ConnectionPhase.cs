namespace Zab.Server.Connections;

/// <summary>How far a connection is.</summary>
internal enum ConnectionPhase
{
    /// <summary>The client has not said what it wants.</summary>
    Greeting,

    /// <summary>Its session is being opened, or moved here.</summary>
    Opening,

    /// <summary>It is served.</summary>
    Serving,

    /// <summary>The connection is to be closed, once what was written is on its way.</summary>
    Closing,
}
