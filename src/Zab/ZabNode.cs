using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Hosting;
using Zab.Sessions;
using Zab.Storage;
using Zab.Transport.Grpc;

namespace Zab;

/// <summary>One server of an ensemble, in this process.</summary>
/// <remarks>
/// <para>Thread-safe. The node runs until it is disposed of, or until its disk or an invariant of the
/// protocol fails: it then takes no further part, and <see cref="Completion"/> says why. It never comes back
/// by itself: start another.</para>
/// </remarks>
public sealed class ZabNode : IAsyncDisposable
{
    private readonly NodeLoop _loop;

    private ZabNode(NodeLoop loop) => _loop = loop;

    /// <summary>For the port that serves ZooKeeper's clients.</summary>
    internal NodeLoop Loop => _loop;

    /// <summary>What the node is now.</summary>
    public ZabNodeStatus Status => _loop.Status.Current;

    /// <summary>Ends when the node has stopped and let go of its ports and files. Fails with a
    /// <see cref="ZabNodeFailedException"/> when it stopped because its log store or an invariant
    /// failed.</summary>
    public Task Completion => _loop.Completion;

    /// <summary>Starts a node. It joins its ensemble in the background: see
    /// <see cref="WaitUntilServingAsync"/>.</summary>
    /// <remarks>A <see cref="ZabNodeOptions.Transport"/> and a <see cref="ZabNodeOptions.LogStore"/> belong
    /// to the node from here on, also when it cannot start, unless the options themselves are
    /// refused.</remarks>
    /// <param name="options">How it runs.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <returns>The node, which belongs to the caller.</returns>
    /// <exception cref="ZabConfigurationException">The options cannot be used. The message lists what to
    /// change.</exception>
    /// <exception cref="IOException">A port or the directory is in use, or cannot be used.</exception>
    /// <exception cref="InvalidDataException">The directory is damaged, or belongs to another server or
    /// ensemble.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The node's loop disposes of both.")]
    public static async Task<ZabNode> StartAsync(
        ZabNodeOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        ILogger logger = options.LoggerFactory.CreateLogger<ZabNode>();
        foreach (string key in options.IgnoredKeys)
        {
            NodeLog.IgnoredKey(logger, key);
        }

        ILogStore? store = options.LogStore;
        ITransport? transport = options.Transport;
        NodeLoop loop;
        try
        {
            ILogStore chosenStore = store ??= FilesOf(options);
            ITransport chosen = transport ??= GrpcOf(options);
            loop = await Task.Run(
                () => Open(options, chosen, chosenStore), cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            if (transport is not null)
            {
                await transport.DisposeAsync().ConfigureAwait(false);
            }

            store?.Dispose();
            throw;
        }

        try
        {
            await loop.StartAsync(cancellationToken).ConfigureAwait(false);
            return new ZabNode(loop);
        }
        catch (IOException e) when (options.Transport is null)
        {
            loop.Dispose();
            throw new IOException(CannotListen(options, e), e);
        }
        catch
        {
            loop.Dispose();
            throw;
        }
    }

    /// <summary>The status now, and every change that the caller is quick enough to see; ends after the last
    /// status.</summary>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    /// <returns>The statuses. Of several changes that were not read, only the latest is kept.</returns>
    public IAsyncEnumerable<ZabNodeStatus> StatusChanges(CancellationToken cancellationToken = default) =>
        _loop.Status.FollowAsync(cancellationToken);

    /// <summary>Waits until the node serves clients: it has a leader, a quorum stands, and the node has
    /// caught up.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A task that ends when the node serves.</returns>
    /// <exception cref="ZabNodeFailedException">The node has ended.</exception>
    public async Task WaitUntilServingAsync(CancellationToken cancellationToken = default)
    {
        await foreach (ZabNodeStatus status in StatusChanges(cancellationToken).ConfigureAwait(false))
        {
            if (status.IsServing)
            {
                return;
            }

            if (status.HasEnded)
            {
                throw new ZabNodeFailedException(
                    $"The node has ended: {status.Reason}", Completion.Exception);
            }
        }
    }

    /// <summary>Opens a session with the ensemble. Waits until the node serves, but at most for
    /// <paramref name="timeout"/>.</summary>
    /// <param name="timeout">How long the session shall live on when this node is gone; 20 ticks when null.
    /// The leader brings it within the bounds of its options.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The session, which belongs to the caller: dispose of it to end it, and its ephemeral nodes,
    /// at once.</returns>
    /// <exception cref="ConnectionLossException">The node did not serve in time, or lost its
    /// leader.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The caller disposes of it.")]
    public async Task<IZabSession> OpenSessionAsync(
        TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        return await OpenSessionAsync(
            new SessionOptions { Timeout = timeout }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>As <see cref="OpenSessionAsync(TimeSpan?, CancellationToken)"/>, and says who the session
    /// is.</summary>
    /// <param name="options">How the session is opened.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The session, which belongs to the caller.</returns>
    /// <exception cref="ConnectionLossException">The node did not serve in time, or lost its
    /// leader.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The caller disposes of it.")]
    public async Task<IZabSession> OpenSessionAsync(
        SessionOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        TimeSpan asked = options.Timeout ?? _loop.DefaultSessionTimeout;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(asked, TimeSpan.Zero, nameof(options));
        ZabSession session = new(_loop, asked, options.Identities);
        await session.OpenAsync(cancellationToken).ConfigureAwait(false);
        return session;
    }

    /// <summary>Goes on, through this node, with a session that was opened through any node of the ensemble:
    /// it keeps its ephemeral nodes. Whoever had it before is told that it moved, and can do no more with
    /// it.</summary>
    /// <remarks>Watches do not move: set them again.</remarks>
    /// <param name="credentials">The session and its password: <see cref="IZabSession.Credentials"/>.</param>
    /// <param name="options">How the session goes on; its time-out is what it was.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The session, which belongs to the caller.</returns>
    /// <exception cref="SessionExpiredException">The session is over.</exception>
    /// <exception cref="AuthFailedException">The password is not the session's.</exception>
    /// <exception cref="ConnectionLossException">The node did not serve in time, or lost its
    /// leader.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The caller disposes of it.")]
    public async Task<IZabSession> ResumeSessionAsync(
        SessionCredentials credentials,
        SessionOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        ZabSession session = new(_loop, _loop.DefaultSessionTimeout, options?.Identities ?? []);
        await session.ResumeAsync(credentials, cancellationToken).ConfigureAwait(false);
        return session;
    }

    /// <summary>Stops the node, in seconds at most, even if its disk hangs. Sessions are closed here; the
    /// ensemble ends them after their time-outs unless they were disposed of before.</summary>
    /// <returns>A task that ends when everything has stopped. It does not fail; see
    /// <see cref="Completion"/>.</returns>
    public async ValueTask DisposeAsync()
    {
        _loop.Stop();
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _loop.Dispose();
    }

    private static NodeLoop Open(ZabNodeOptions options, ITransport transport, ILogStore store)
    {
        LogRecovery recovery =
            store.Open(new LogIdentity(options.EnsembleId, new ServerId(options.ServerId)));
        return new NodeLoop(options, transport, store, recovery);
    }

    /// <summary>The store makes the directory itself when it is opened, and sees to it that its name is
    /// durable, too.</summary>
    private static FileLogStore FilesOf(ZabNodeOptions options) => new(new FileLogStoreOptions
    {
        Directory = Path.GetFullPath(options.DataDirectory!),
        SegmentBytes = options.SegmentBytes,
        SnapshotsRetained =
            Math.Max(2, options.SnapshotsRetained), // one alone would be no use if it were damaged
    });

    /// <summary>Every address of the machine, of the family that the server's own line names.</summary>
    private static IPAddress EveryAddress(EnsembleServer self) =>
        IPAddress.TryParse(
            self.Host, out IPAddress? address) && address.AddressFamily == AddressFamily.InterNetworkV6
            ? IPAddress.IPv6Any
            : IPAddress.Any;

    private static GrpcTransport GrpcOf(ZabNodeOptions options) => new(new GrpcTransportOptions
    {
        Self = new ServerId(options.ServerId),
        EnsembleId = options.EnsembleId,
        Peers = options.Ensemble.Servers.ToDictionary(
            server => server.Id, server => new GrpcPeer(server.Host, server.QuorumPort, server.ElectionPort)),
        BindAddress = options.ListenOnAllAddresses ? EveryAddress(SelfOf(options)) : null,
        FrameBytesMax = FrameBytesMaxOf(options.RequestBytesMax),
        TimeProvider = options.TimeProvider,
        LoggerFactory = options.LoggerFactory,
    });

    /// <summary>The longest frame between two servers: a request must fit on its way to the leader, where it
    /// is longer than on the client port. A multi of short operations is longest, up to 3.3 times.</summary>
    internal static int FrameBytesMaxOf(int requestBytesMax) =>
        Math.Max(4 << 20, (4 * requestBytesMax) + (1 << 20));

    private static EnsembleServer SelfOf(ZabNodeOptions options) =>
        options.Ensemble.Find(new ServerId(options.ServerId))!;

    private static string CannotListen(ZabNodeOptions options, IOException e)
    {
        EnsembleServer self = SelfOf(options);
        return $"Server {options.ServerId} {e.Message.TrimEnd('.')}. Its line '{self}' must name an " +
            "address of this machine, unless it listens on all of them (quorumListenOnAllIPs), and two " +
            "ports that nothing else uses, perhaps another copy of this server. The line is the same on " +
            "every server.";
    }
}
