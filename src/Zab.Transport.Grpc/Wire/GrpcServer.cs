using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Zab.Transport.Grpc.Wire;

/// <summary>Serves gRPC methods on Kestrel, HTTP/2 in clear text.</summary>
/// <remarks>Kestrel is used bare, without a web host: no configuration file or environment variable changes
/// where it listens, and it logs nowhere but to the factory it is given.</remarks>
internal sealed class GrpcServer : IHttpApplication<GrpcServer.Request>, IDisposable
{
    private const int StreamsPerConnectionMax = 8;
    private const int WindowBytes = 1 << 20;

    private readonly GrpcServerOptions _options;
    private readonly ILogger _logger;
    private readonly KestrelServer _kestrel;

    public GrpcServer(
        GrpcServerOptions options, IEnumerable<GrpcService> services, ILoggerFactory loggerFactory)
    {
        _options = options;
        _logger = loggerFactory.CreateLogger<GrpcServer>();
        KestrelServerOptions kestrel = Configure(options);
        foreach (GrpcService service in services)
            Listen(kestrel, service);
        SocketTransportOptions sockets = new()
        {
            NoDelay = true,
            // Saves a thread hop in each direction. What runs inline is our own code, which never blocks.
            UnsafePreferInlineScheduling = true,
            MaxWriteBufferSize = WindowBytes,
        };
        SocketTransportFactory transport = new(Options.Create(sockets), loggerFactory);
        _kestrel = new KestrelServer(Options.Create(kestrel), transport, loggerFactory);
    }

    /// <summary>Starts listening.</summary>
    /// <exception cref="IOException">An address is in use, or is none of this machine.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _kestrel.StartAsync(this, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            throw new IOException($"cannot listen: {e.Message}", e);
        }
    }

    /// <summary>Stops listening, and gives the calls in progress until
    /// <paramref name="cancellationToken"/>.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _kestrel.StopAsync(cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _kestrel.Dispose();

    /// <inheritdoc/>
    public Request CreateContext(IFeatureCollection contextFeatures) =>
        new(new DefaultHttpContext(contextFeatures));

    /// <inheritdoc/>
    public void DisposeContext(Request context, Exception? exception)
    {
        // The features belong to Kestrel.
    }

    /// <summary>Handles one call. Whatever goes wrong in it ends with it (R20).</summary>
    [SuppressMessage("Design", "CA1031", Justification = "No input may end more than its own call.")]
    public async Task ProcessRequestAsync(Request context)
    {
        try
        {
            await HandleAsync(context.Http).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            context.Http.Abort(); // The caller is gone: nothing to tell anybody.
        }
        catch (Exception e)
        {
            Log.CallFailed(_logger, e);
            context.Http.Abort();
        }
    }

    private async Task HandleAsync(HttpContext http)
    {
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }

        if (!GrpcProtocol.IsGrpc(http.Request.ContentType))
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        GrpcService? service = http.Features.Get<GrpcService>();
        if (service is null || http.Request.Path.Value != service.Path)
        {
            string detail = $"the method {Printable.Of(http.Request.Path)} is not served on this port";
            await GrpcServerCall.EndAsync(
                http, new GrpcStatus(GrpcStatusCode.Unimplemented, detail)).ConfigureAwait(false);
            return;
        }

        GrpcServerCall call = new(http);
        string? timeout = http.Request.Headers[GrpcProtocol.TimeoutHeader];
        if (timeout is null)
        {
            await service.Handler(call).ConfigureAwait(false);
        }
        else if (GrpcProtocol.TryParseTimeout(timeout, out TimeSpan allowed))
        {
            using CancellationTokenSource deadline = new(allowed, _options.TimeProvider);
            using CancellationTokenRegistration expiry = deadline.Token.Register(call.Expire);
            await service.Handler(call).ConfigureAwait(false);
        }
        else
        {
            await call.FinishAsync(
                new GrpcStatus(GrpcStatusCode.Internal, "malformed grpc-timeout")).ConfigureAwait(false);
        }
    }

    private static KestrelServerOptions Configure(GrpcServerOptions options)
    {
        KestrelServerOptions kestrel = new() { AddServerHeader = false, AllowSynchronousIO = false };
        KestrelServerLimits limits = kestrel.Limits;
        limits.KeepAliveTimeout = options.IdleTimeout;
        limits.RequestHeadersTimeout = options.IdleTimeout;
        limits.MaxRequestHeaderCount = 64;
        limits.MaxRequestHeadersTotalSize = 16 << 10;
        limits.MaxResponseBufferSize = WindowBytes;
        // A link lives for days, and is silent for as long as nobody has anything to say.
        limits.MaxRequestBodySize = null;
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
        limits.Http2.MaxStreamsPerConnection = StreamsPerConnectionMax;
        limits.Http2.InitialStreamWindowSize = WindowBytes;
        limits.Http2.InitialConnectionWindowSize = WindowBytes;
        limits.Http2.KeepAlivePingDelay = options.KeepAliveDelay;
        limits.Http2.KeepAlivePingTimeout = options.KeepAliveTimeout;
        return kestrel;
    }

    private void Listen(KestrelServerOptions kestrel, GrpcService service)
    {
        // Each port has a limit of its own: a flood of one cannot close the other.
        StrangerLimit limit = new(_options.StrangersMax);
        foreach (IPEndPoint address in service.Addresses)
        {
            kestrel.Listen(address, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                _ = listen.Use(limit.Guard);
                _ = listen.Use(next => connection =>
                {
                    connection.Features.Set(service);
                    return next(connection);
                });
            });
        }
    }

    /// <summary>What Kestrel carries for us with each request.</summary>
    /// <param name="Http">The request and its response.</param>
    internal readonly record struct Request(HttpContext Http);
}
