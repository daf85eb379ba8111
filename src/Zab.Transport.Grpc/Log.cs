using Microsoft.Extensions.Logging;
using Zab.Core.Ports;
using Zab.Core.Primitives;

namespace Zab.Transport.Grpc;

/// <summary>What the transport logs. Event ids never change; new ones are added at the end.</summary>
internal static partial class Log
{
    [LoggerMessage(301, LogLevel.Information,
        "Server {Self} listens for quorum links on {Quorum}, for elections on {Election}")]
    public static partial void Listening(ILogger logger, ServerId self, string quorum, string election);

    [LoggerMessage(302, LogLevel.Information, "{Link} is up")]
    public static partial void LinkUp(ILogger logger, Link link);

    [LoggerMessage(303, LogLevel.Information, "{Link} is down: {Reason}")]
    public static partial void LinkDown(ILogger logger, Link link, string reason);

    [LoggerMessage(304, LogLevel.Warning, "Cannot reach server {Peer} for the {Kind} link: {Reason}")]
    public static partial void CannotReach(ILogger logger, ServerId peer, LinkKind kind, string reason);

    [LoggerMessage(305, LogLevel.Warning,
        "Refused the {Kind} link from {Remote}, which says it is server {Sender}: {Reason}")]
    public static partial void Refused(
        ILogger logger, LinkKind kind, string remote, int sender, string reason);

    [LoggerMessage(306, LogLevel.Error, "{Link} met an unexpected error and breaks")]
    public static partial void LinkFailed(ILogger logger, Link link, Exception exception);

    [LoggerMessage(307, LogLevel.Error, "An event of {Link} was not taken")]
    public static partial void EventFailed(ILogger logger, Link link, Exception exception);

    [LoggerMessage(308, LogLevel.Error, "A call met an unexpected error and ends")]
    public static partial void CallFailed(ILogger logger, Exception exception);

    [LoggerMessage(309, LogLevel.Error, "Dialling server {Peer} for the {Kind} link met an unexpected error")]
    public static partial void DialFailed(ILogger logger, ServerId peer, LinkKind kind, Exception exception);

    [LoggerMessage(310, LogLevel.Error, "The transport did not stop in time: {What}")]
    public static partial void SlowStop(ILogger logger, string what);

    [LoggerMessage(311, LogLevel.Error, "The failed attempt to reach server {Peer} was not taken")]
    public static partial void ConnectEventFailed(ILogger logger, ServerId peer, Exception exception);
}
