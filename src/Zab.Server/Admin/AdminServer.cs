using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Zab.Server.Statistics;

namespace Zab.Server.Admin;

/// <summary>Answers questions about a server over HTTP, in JSON.</summary>
/// <remarks>Kestrel is used bare, without a web host: no configuration file or environment variable changes
/// where it listens, and it takes no signals of the process. Source: ZooKeeper
/// <c>JettyAdminServer</c>.</remarks>
internal sealed class AdminServer : IHttpApplication<HttpContext>, IAsyncDisposable
{
    private const int ConnectionsMax = 64;

    private static readonly TimeSpan s_stopTimeout = TimeSpan.FromSeconds(1);

    private readonly AdminServerOptions _options;
    private readonly ServerFacts _facts;
    private readonly IReadOnlyList<AdminCommand> _commands;
    private readonly RequestGuard _guard;
    private readonly ILogger _logger;
    private readonly KestrelServer _kestrel;

    /// <summary>Makes it. Nothing listens yet.</summary>
    public AdminServer(ServerFacts facts, AdminServerOptions options)
    {
        _options = options;
        _facts = facts;
        _commands = AdminCommands.Of(facts, options);
        _guard = new RequestGuard(
            options.HostNames.Concat(facts.Options.Ensemble.Servers.Select(server => server.Host)));
        ILoggerFactory loggers = facts.Options.LoggerFactory;
        _logger = loggers.CreateLogger<AdminServer>();
        KestrelServerOptions kestrel = new() { AddServerHeader = false };
        kestrel.Limits.MaxRequestBodySize = 0;
        kestrel.Limits.MaxConcurrentConnections = ConnectionsMax;
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 << 10;
        kestrel.Listen(options.Address, options.Port, listen => listen.Protocols = HttpProtocols.Http1);
        SocketTransportFactory transport = new(Options.Create(new SocketTransportOptions()), loggers);
        _kestrel = new KestrelServer(Options.Create(kestrel), transport, loggers);
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint? EndPoint { get; private set; }

    /// <summary>Listens.</summary>
    /// <exception cref="IOException">The port cannot be used.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _kestrel.StartAsync(this, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            throw new IOException(
                $"Cannot listen for questions over HTTP on {_options.Address}:{_options.Port}: {e.Message} "
                + "Stop what uses the port, or choose another (admin.serverPort).",
                e);
        }

        string address = _kestrel.Features.Get<IServerAddressesFeature>()!.Addresses.First();
        EndPoint = new IPEndPoint(_options.Address, new Uri(address).Port);
        AdminLog.Listening(_logger, EndPoint, _options.CommandPath);
    }

    /// <inheritdoc/>
    public HttpContext CreateContext(IFeatureCollection contextFeatures) =>
        new DefaultHttpContext(contextFeatures);

    /// <inheritdoc/>
    public void DisposeContext(HttpContext context, Exception? exception)
    {
        // The features belong to Kestrel.
    }

    /// <summary>Answers one question. Whatever goes wrong in it ends with it.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "No input may end more than its own request.")]
    public async Task ProcessRequestAsync(HttpContext context)
    {
        try
        {
            await HandleAsync(context).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            context.Abort(); // nobody reads it any more
        }
        catch (Exception e)
        {
            AdminLog.Failed(_logger, e);
            context.Abort();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource timeout = new(s_stopTimeout);
        await _kestrel.StopAsync(timeout.Token).ConfigureAwait(false);
        _kestrel.Dispose();
    }

    private async Task HandleAsync(HttpContext http)
    {
        if (!HttpMethods.IsGet(http.Request.Method))
        {
            http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            http.Response.Headers.Allow = HttpMethods.Get;
            return;
        }

        if (_guard.WhyRefused(http.Request) is { } reason)
        {
            AdminLog.Refused(_logger, http.Connection.RemoteIpAddress, reason);
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            http.Response.ContentType = "text/plain; charset=utf-8";
            _ = await http.Response.BodyWriter.WriteAsync(Encoding.UTF8.GetBytes(reason + "\n"))
                .ConfigureAwait(false);
            return;
        }

        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.CacheControl = "no-store";
        string path = http.Request.Path.Value ?? "";
        string below = path.StartsWith(_options.CommandPath, StringComparison.Ordinal)
            ? path[_options.CommandPath.Length..] : "none";
        if (below is "" or "/")
        {
            await ListAsync(http).ConfigureAwait(false);
        }
        else if (below[0] == '/' && !below[1..].Contains('/', StringComparison.Ordinal))
        {
            await AnswerAsync(http, below[1..]).ConfigureAwait(false);
        }
        else
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }

    /// <summary>Links to all commands, for people.</summary>
    private async Task ListAsync(HttpContext http)
    {
        string page = string.Concat(_commands.Select(
            command => $"<a href=\"{_options.CommandPath}/{command.Names[0]}\">"
                + $"{command.Names[0]}</a>\n<br/>\n"));
        http.Response.ContentType = "text/html; charset=utf-8";
        _ = await http.Response.BodyWriter.WriteAsync(Encoding.UTF8.GetBytes(page)).ConfigureAwait(false);
    }

    private async Task AnswerAsync(HttpContext http, string name)
    {
        AdminCommand? command = _commands.Concat(AdminCommands.Refused)
            .FirstOrDefault(command => command.Names.Contains(name));
        string? error = command is null ? $"Unknown command: {name}"
            : !_facts.Published.IsServing && !command.NeedsNoService ? ServerFacts.NotServing
            : command.WhyNot?.Invoke();
        http.Response.ContentType = "application/json";
        AdminAnswer answer = new(http.Response.BodyWriter, http.RequestAborted);
        await using (answer.ConfigureAwait(false))
        {
            answer.Json.WriteStartObject();
            if (error is null)
            {
                try
                {
                    await command!.WriteAsync(answer).ConfigureAwait(false);
                }
                catch (ZabNodeFailedException) when (answer.Json.CurrentDepth == 1)
                {
                    error = ServerFacts.NotServing;
                }
            }

            answer.Json.WriteString("command", error is null ? command!.Names[0] : name);
            answer.Json.WriteString("error", error);
            answer.Json.WriteEndObject();
        }
    }
}
