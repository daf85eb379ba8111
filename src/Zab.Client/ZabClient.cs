using Zab.Client.Connections;

namespace Zab.Client;

/// <summary>Opens sessions over a connection: with an ensemble of Zab, by the port that ZooKeeper's clients
/// use, or with an ensemble of Apache ZooKeeper.</summary>
/// <remarks>
/// <para>The session is an <see cref="IZabSession"/>, as in the process of a server. What differs is what the
/// protocol lacks, and what a connection means:</para>
/// <list type="bullet">
/// <item><see cref="IZabSession.WatchFromAsync"/>, <see cref="IZabSession.DiffAsync"/> and reads of the past
/// throw <see cref="NotSupportedException"/>.</item>
/// <item>A connection that is lost is opened anew, to the next server of the list, for as long as the session
/// may live: the session is <see cref="ZabSessionState.Suspended"/>, then
/// <see cref="ZabSessionState.Reconnected"/>. Watches are set again. A one-shot watch tells of a change that
/// it missed. A watch that stays does not: read again what it watches after
/// <see cref="ZabSessionState.Reconnected"/>.</item>
/// <item>A write that was under way when the connection was lost fails with a
/// <see cref="ConnectionLossException"/> that says that its outcome is not known. It is never sent again: the
/// protocol has no numbers by which a server could know it. All else that was under way is asked
/// again.</item>
/// <item>Calls that were not sent wait for a connection. When there has been none for as long as
/// <see cref="IZabSession.Timeout"/>, they fail with a <see cref="ConnectionLossException"/> that says that
/// nothing was sent.</item>
/// <item>Whether the session has expired is for the ensemble to say: a client that finds no server goes on
/// looking for one.</item>
/// <item>Of a node that was created in a transaction, Apache ZooKeeper does not always tell the stat: then
/// all its fields are 0.</item>
/// <item>A page of children costs as much as all of them. Of Apache ZooKeeper, a read that is
/// <see cref="ReadConsistency.Linearizable"/> is no more than its <c>sync</c> followed by a read.</item>
/// </list>
/// </remarks>
public static class ZabClient
{
    /// <summary>Opens a session.</summary>
    /// <param name="servers">The servers, as <c>host:port,host:port/chroot</c>. The port is 2181 when it is
    /// left out. With a chroot, every path is below it.</param>
    /// <param name="options">How; the defaults when null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The session, which belongs to the caller: disposing of it closes it.</returns>
    /// <exception cref="ArgumentException">The servers are not written like that, or an option is out of its
    /// bounds.</exception>
    /// <exception cref="ConnectionLossException">No server has opened one for as long as
    /// <see cref="ZabClientOptions.SessionTimeout"/>.</exception>
    public static Task<IZabSession> ConnectAsync(
        string servers, ZabClientOptions? options = null, CancellationToken cancellationToken = default) =>
        ClientHost.OpenAsync(
            ConnectString.Parse(servers),
            options ?? new ZabClientOptions(),
            resumed: null,
            cancellationToken);

    /// <summary>Goes on with a session: of a process that crashed, or one that was opened in the process of a
    /// server.</summary>
    /// <param name="servers">The servers; see <see cref="ConnectAsync"/>.</param>
    /// <param name="credentials">The session; see <see cref="IZabSession.Credentials"/>.</param>
    /// <param name="options">How; the defaults when null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The session, which belongs to the caller. Its watches of before are not among what goes
    /// on.</returns>
    /// <exception cref="SessionExpiredException">There is no such session any more, or its password is
    /// another.</exception>
    /// <exception cref="ConnectionLossException">No server has gone on with it for as long as
    /// <see cref="ZabClientOptions.SessionTimeout"/>.</exception>
    public static Task<IZabSession> ResumeAsync(
        string servers,
        SessionCredentials credentials,
        ZabClientOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        return ClientHost.OpenAsync(
            ConnectString.Parse(servers), options ?? new ZabClientOptions(), credentials, cancellationToken);
    }
}
