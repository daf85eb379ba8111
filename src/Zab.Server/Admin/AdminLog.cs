using System.Net;
using Microsoft.Extensions.Logging;

namespace Zab.Server.Admin;

/// <summary>What the administration server logs. The ids of events never change.</summary>
internal static partial class AdminLog
{
    [LoggerMessage(220, LogLevel.Information, "Answering questions over HTTP on {EndPoint}{Path}")]
    public static partial void Listening(ILogger logger, IPEndPoint endPoint, string path);

    [LoggerMessage(221, LogLevel.Error, "A question over HTTP could not be answered")]
    public static partial void Failed(ILogger logger, Exception failure);

    [LoggerMessage(222, LogLevel.Warning, "A question over HTTP from {Address} is refused: {Reason}")]
    public static partial void Refused(ILogger logger, IPAddress? address, string reason);
}
