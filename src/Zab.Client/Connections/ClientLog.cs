using System.Net;
using Microsoft.Extensions.Logging;
using Zab.Core.Primitives;

namespace Zab.Client.Connections;

/// <summary>What a client logs. Event ids never change; new ones are added at the end.</summary>
internal static partial class ClientLog
{
    [LoggerMessage(401, LogLevel.Information,
        "Session {Session} is served by {Server}; time-out {TimeoutMs} ms")]
    public static partial void Connected(
        ILogger logger, SessionId session, DnsEndPoint server, int timeoutMs);

    [LoggerMessage(402, LogLevel.Warning, "Session {Session} has lost {Server}: {Reason}")]
    public static partial void Lost(ILogger logger, SessionId session, DnsEndPoint server, string reason);

    [LoggerMessage(403, LogLevel.Information, "{Server} does not serve: {Reason}")]
    public static partial void AttemptFailed(ILogger logger, DnsEndPoint server, string reason);

    [LoggerMessage(404, LogLevel.Warning, "Session {Session} has expired")]
    public static partial void Expired(ILogger logger, SessionId session);

    [LoggerMessage(405, LogLevel.Critical, "Session {Session} has failed")]
    public static partial void Failed(ILogger logger, SessionId session, Exception failure);

    [LoggerMessage(406, LogLevel.Warning,
        "Session {Session}: the server refuses what proved who it is by scheme {Scheme}; it goes on without")]
    public static partial void CredentialRefused(ILogger logger, SessionId session, string scheme);

    [LoggerMessage(407, LogLevel.Error,
        "Session {Session}: an observer of the watch on '{Path}' has thrown, and is called no more")]
    public static partial void ObserverFailed(
        ILogger logger, SessionId session, string path, Exception failure);
}
