using Zab.Authentication;

namespace Zab.Sessions;

/// <summary>What a session needs of the node that it belongs to: a running one, or one of a simulated
/// ensemble.</summary>
internal interface ISessionHost
{
    /// <summary>What readers see.</summary>
    Published Published { get; }

    /// <summary>Who sessions are, and who may do what.</summary>
    Authenticator Authenticator { get; }

    /// <summary>The node's clock.</summary>
    TimeProvider TimeProvider { get; }

    /// <summary>The longest request, path and data together.</summary>
    int RequestBytesMax { get; }

    /// <summary>Whether whatever waits for an answer or an event goes on at once, on the thread that brings
    /// it: in a simulation, which has no other. A loop is not to be held up, and hands it to the thread
    /// pool.</summary>
    bool ContinuesInline { get; }

    /// <summary>Hands a call to the node, after those before it.</summary>
    /// <exception cref="System.Threading.Channels.ChannelClosedException">The node has ended.</exception>
    ValueTask PostAsync(Call call, CancellationToken cancellationToken);

    /// <summary>The failure of a call that the ended node did not take.</summary>
    ConnectionLossException NotSent(string path);
}
