using System.Net;
using Microsoft.Extensions.Logging;
using Zab.Core.Primitives;

namespace Zab.Server.Connections;

/// <summary>What a port logs. The ids of events never change.</summary>
internal static partial class PortLog
{
    [LoggerMessage(200, LogLevel.Information, "Listening for ZooKeeper clients on {EndPoint}")]
    public static partial void Listening(ILogger logger, IPEndPoint endPoint);

    [LoggerMessage(201, LogLevel.Warning, "Connection from {Address} refused: {Limit}")]
    public static partial void Refused(ILogger logger, IPAddress address, string limit);

    [LoggerMessage(202, LogLevel.Debug, "Client {EndPoint} of session {Session} is closed: {Reason}")]
    public static partial void Closed(
        ILogger logger, IPEndPoint endPoint, SessionId session, string reason);

    [LoggerMessage(203, LogLevel.Error, "The connection of {EndPoint} failed")]
    public static partial void Failed(ILogger logger, IPEndPoint endPoint, Exception failure);

    [LoggerMessage(204, LogLevel.Error, "Accepting connections failed; trying again")]
    public static partial void AcceptFailed(ILogger logger, Exception failure);

    [LoggerMessage(205, LogLevel.Information, "No longer listening on {EndPoint}")]
    public static partial void Stopped(ILogger logger, IPEndPoint endPoint);
}
