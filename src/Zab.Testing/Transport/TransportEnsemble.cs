using Zab.Core.Messages;
using Zab.Core.Ports;
using Zab.Core.Primitives;

namespace Zab.Testing.Transport;

/// <summary>The transports of one contract case, each with a recorder.</summary>
internal sealed class TransportEnsemble(
    IReadOnlyList<ITransport> transports, CancellationToken cancellationToken)
    : IAsyncDisposable
{
    private readonly TransportRecorder[] _recorders = [.. transports.Select(_ => new TransportRecorder())];

    /// <summary>How long the case may take.</summary>
    public CancellationToken Patience => cancellationToken;

    /// <summary>The transport of a server.</summary>
    public ITransport Transport(int server) => transports[server - 1];

    /// <summary>What a server's transport told.</summary>
    public TransportRecorder Recorder(int server) => _recorders[server - 1];

    /// <summary>Starts servers.</summary>
    public async Task StartAsync(params int[] servers)
    {
        foreach (int server in servers)
            await Transport(server).StartAsync(Recorder(server), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Disposes of a server's transport; every event that follows is a breach.</summary>
    public async Task StopAsync(int server)
    {
        await Transport(server).DisposeAsync().ConfigureAwait(false);
        Recorder(server).Close();
    }

    /// <summary>Waits for a link with a number above <paramref name="after"/>.</summary>
    public Task<Link> LinkAsync(int server, int peer, LinkKind kind = LinkKind.Election, long after = 0) =>
        Recorder(server).WaitAsync(
            recorder => recorder.LinkWith(new ServerId(peer), kind) is { } link && link.Number > after
                ? link : default(Link?),
            $"a new {kind} link at server {server} with server {peer}",
            cancellationToken);

    /// <summary>Opens a quorum link, and waits for both of its ends.</summary>
    public async Task<(Link Dialled, Link Accepted)> ConnectAsync(int server, int peer)
    {
        Transport(server).Connect(new ServerId(peer));
        return (await LinkAsync(server, peer, LinkKind.Quorum).ConfigureAwait(false),
            await LinkAsync(peer, server, LinkKind.Quorum).ConfigureAwait(false));
    }

    /// <summary>Waits for the end of a link.</summary>
    /// <returns>The reason.</returns>
    public async Task<string> DownAsync(int server, Link link)
    {
        TransportEvent.Down? down = null;
        _ = await Recorder(server).WaitAsync<bool>(
            recorder =>
            {
                down = recorder.Events.OfType<TransportEvent.Down>().FirstOrDefault(e => e.Link == link);
                return down is null ? null : true;
            },
            $"the end of {link} at server {server}",
            cancellationToken).ConfigureAwait(false);
        return down!.Reason;
    }

    /// <summary>Waits for <paramref name="count"/> messages on a link.</summary>
    public async Task<IReadOnlyList<Message>> MessagesAsync(int server, Link link, int count)
    {
        _ = await Recorder(server).WaitAsync<int>(
            recorder => recorder.CountOn(link) is var came && came >= count ? came : null,
            $"{count} messages at server {server} on {link}",
            cancellationToken).ConfigureAwait(false);
        return Recorder(server).MessagesOn(link);
    }

    /// <summary>Throws if any transport broke the law.</summary>
    public void Check()
    {
        foreach (TransportRecorder recorder in _recorders)
            recorder.Check();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (TransportRecorder recorder in _recorders)
            recorder.OpenGate();
        foreach (ITransport transport in transports)
            await transport.DisposeAsync().ConfigureAwait(false);
    }
}
