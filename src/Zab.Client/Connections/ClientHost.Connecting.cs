using System.Net;
using System.Net.Sockets;
using Zab.Core.Requests;
using Zab.Sessions;
using Zab.Wire;

namespace Zab.Client.Connections;

/// <content>From one connection to the next.</content>
internal sealed partial class ClientHost
{
    private const int AttemptsMin = 3;

    /// <summary>Tries the servers, round and round, until one serves the session. Calls that wait meanwhile
    /// fail after the session's time-out.</summary>
    /// <returns>The connection; null when the session has expired.</returns>
    private async Task<ServerLink?> ConnectAsync()
    {
        using CancellationTokenSource connected =
            CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        Task failing = FailWaitingAsync(connected.Token);
        ServerLink? link;
        try
        {
            link = await FindServerAsync(connected.Token).ConfigureAwait(false);
        }
        finally
        {
            await connected.CancelAsync().ConfigureAwait(false);
            await failing.ConfigureAwait(false);
        }

        if (link.Response.TimeoutMs > 0)
        {
            OnConnected(link);
            return link;
        }

        await link.DisposeAsync().ConfigureAwait(false);
        OnExpired();
        return null;
    }

    private async Task<ServerLink> FindServerAsync(CancellationToken cancellationToken)
    {
        for (int attempt = _book.RefusedInARow; ; attempt++)
        {
            await Task.Delay(_servers.DelayBefore(attempt), TimeProvider, cancellationToken)
                .ConfigureAwait(false);
            DnsEndPoint server = _servers.Next();
            try
            {
                return await AttemptAsync(server, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (
                e is SocketException or IOException or InvalidDataException or TimeoutException)
            {
                _lastFailure = e;
                ClientLog.AttemptFailed(_logger, server, e.Message);
            }
        }
    }

    /// <summary>Tries a server.</summary>
    /// <remarks>There is time for three attempts within the session's time-out, so that a server that takes a
    /// connection and never answers does not cost the session. Apache ZooKeeper does that to who comes while
    /// it starts (<c>ZooKeeperServer.removeCnxn</c> before there is a database).</remarks>
    private async Task<ServerLink> AttemptAsync(DnsEndPoint server, CancellationToken cancellationToken)
    {
        TimeSpan limit = _session.Timeout / Math.Max(_servers.Count, AttemptsMin);
        using CancellationTokenSource late = new(limit, TimeProvider);
        using CancellationTokenSource either =
            CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        ConnectRequest hello = Hello();
        try
        {
            ServerLink link = await ServerLink.OpenAsync(server, hello, _options.ReplyBytesMax, either.Token)
                .ConfigureAwait(false);
            if (link.Response.TimeoutMs > 0 && hello.Session.Value != 0
                && link.Response.Session != hello.Session)
            {
                await link.DisposeAsync().ConfigureAwait(false);
                throw new InvalidDataException("The server answers with another session.");
            }

            return link;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"It has not answered within {limit}.", e);
        }
    }

    private ConnectRequest Hello()
    {
        int timeoutMs = (int)Math.Ceiling(_options.SessionTimeout.TotalMilliseconds);
        ReadOnlyMemory<byte> password = _session.Credentials?.Password
            ?? (_opening is { Request.Op: OpCode.MoveSession } resuming
                ? resuming.Request.Password
                : default);
        return new ConnectRequest(
            _book.Seen,
            timeoutMs,
            _session.Id,
            password.IsEmpty ? new byte[ConnectResponse.PasswordBytes] : password,
            ReadOnly: false);
    }

    private void OnConnected(ServerLink link)
    {
        ConnectResponse response = link.Response;
        ClientLog.Connected(_logger, response.Session, link.Server, response.TimeoutMs);
        _session.Name(response.Session);
        _session.OnOpened(
            response.TimeoutMs,
            new SessionCredentials(response.Session, response.Password ?? default),
            isServing: true);
        if (_opening is { } opening)
        {
            _opening = null;
            _session.OnCallEnded();
            _ = opening.TrySetResult(new ClientReply { TimeoutMs = response.TimeoutMs });
        }
    }

    private void OnExpired()
    {
        ClientLog.Expired(_logger, _session.Id);
        _book.End(ZabSessionState.Expired, new SessionExpiredException(""));
    }

    /// <summary>When there has been no server for as long as the session's time-out, all calls fail, and so
    /// do those that come, until there is one.</summary>
    private async Task FailWaitingAsync(CancellationToken connected)
    {
        try
        {
            await Task.Delay(_session.Timeout, TimeProvider, connected).ConfigureAwait(false);
            do
            {
                FailOpening(NoServer);
                _book.FailAgain(NoServer);
                while (_calls.Reader.TryRead(out Call? call))
                {
                    if (call is not null)
                    {
                        SessionBook.Fail(call, NoServer(call));
                    }
                }
            }
            while (await _calls.Reader.WaitToReadAsync(connected).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (connected.IsCancellationRequested)
        {
            // There is a server, or nobody waits any more.
        }
    }

    private ConnectionLossException NoServer(Call call)
    {
        string failure = _lastFailure is { } last ? $" At last: {last.Message}" : "";
        return ConnectionLossException.NothingSent(
            call.Request.Path,
            $"no server could be reached for as long as the session's time-out.{failure}",
            _lastFailure);
    }
}
