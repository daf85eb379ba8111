using Zab.Authentication;
using Zab.Core.Access;
using Zab.Core.Requests;

namespace Zab.Sessions;

/// <summary>What a session needs of the node that it belongs to: a running one, one of a simulated ensemble,
/// or one at the other end of a connection.</summary>
internal interface ISessionHost
{
    /// <summary>What readers see.</summary>
    Published Published { get; }

    /// <summary>Who sessions are, and who may do what.</summary>
    Authenticator Authenticator { get; }

    /// <summary>The node's clock.</summary>
    TimeProvider TimeProvider { get; }

    /// <summary>What sessions may take, and what is kept for them.</summary>
    SessionLimits Limits { get; }

    /// <summary>The calls of all sessions.</summary>
    CallCount Calls { get; }

    /// <summary>The latest changes of the tree.</summary>
    ChangeLog Changes { get; }

    /// <summary>The latest states of the tree.</summary>
    RecentStates States { get; }

    /// <summary>Whether whatever waits for an answer or an event goes on at once, on the thread that brings
    /// it: in a simulation, which has no other. A loop is not to be held up, and hands it to the thread
    /// pool.</summary>
    bool ContinuesInline { get; }

    /// <summary>Whether the answer to a read has the whole state that answered it.</summary>
    bool AnswersWithState => true;

    /// <summary>Makes the request by which credentials count for a session.</summary>
    /// <exception cref="AuthFailedException">They prove nothing.</exception>
    async ValueTask<ClientRequest> AuthenticateAsync(
        string scheme, ReadOnlyMemory<byte> credentials, CancellationToken cancellationToken)
    {
        IReadOnlyList<Identity> proved = await Authenticator
            .AuthenticateAsync(scheme, credentials, cancellationToken).ConfigureAwait(false)
            ?? throw new AuthFailedException(scheme);
        return new ClientRequest { Op = OpCode.Auth, Identities = proved };
    }

    /// <summary>The session was disposed of.</summary>
    /// <returns>A task that ends when nothing is left of it.</returns>
    ValueTask OnDisposedAsync() => default;

    /// <summary>Hands a call to the node, after those before it.</summary>
    /// <exception cref="System.Threading.Channels.ChannelClosedException">The node has ended.</exception>
    ValueTask PostAsync(Call call, CancellationToken cancellationToken);

    /// <summary>Code of the user's, which was called for the events of a watch, has thrown.</summary>
    void OnObserverFailed(string path, Exception failure);

    /// <summary>The failure of a call that the ended node did not take.</summary>
    ConnectionLossException NotSent(string path);
}
