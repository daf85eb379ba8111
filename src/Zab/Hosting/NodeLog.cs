using Microsoft.Extensions.Logging;
using Zab.Core.Ports;
using Zab.Core.Primitives;

namespace Zab.Hosting;

/// <summary>What a node logs. Event ids never change; new ones are added at the end.</summary>
internal static partial class NodeLog
{
    [LoggerMessage(101, LogLevel.Information,
        "Server {Server} of ensemble {Ensemble} has started and looks for a leader; its log ends at "
        + "{LastLogged}, epoch {Epoch}")]
    public static partial void Started(
        ILogger logger, int server, string ensemble, Zxid lastLogged, int epoch);

    [LoggerMessage(102, LogLevel.Information, "Server {Server} is {Role} now; leader: {Leader}. {Reason}")]
    public static partial void RoleChanged(
        ILogger logger, int server, ZabNodeRole role, string leader, string reason);

    [LoggerMessage(103, LogLevel.Information,
        "Server {Server} serves clients from {Applied} on, in epoch {Epoch}")]
    public static partial void Serving(ILogger logger, int server, Zxid applied, int epoch);

    [LoggerMessage(104, LogLevel.Warning, "Server {Server} serves no clients now: {Reason}")]
    public static partial void NotServing(ILogger logger, int server, string reason);

    [LoggerMessage(105, LogLevel.Information, "Server {Server}: {Link} is up")]
    public static partial void LinkUp(ILogger logger, int server, Link link);

    [LoggerMessage(106, LogLevel.Information, "Server {Server}: {Link} is down: {Reason}")]
    public static partial void LinkDown(ILogger logger, int server, Link link, string reason);

    [LoggerMessage(107, LogLevel.Debug, "Server {Server} could not dial server {Peer}: {Reason}")]
    public static partial void ConnectFailed(ILogger logger, int server, ServerId peer, string reason);

    [LoggerMessage(108, LogLevel.Information, "Server {Server} is brought up to date by {Sync}")]
    public static partial void Synchronizing(ILogger logger, int server, SyncKind sync);

    [LoggerMessage(109, LogLevel.Information, "Server {Server} has saved a snapshot at {Position}")]
    public static partial void SnapshotSaved(ILogger logger, int server, LogPosition position);

    [LoggerMessage(110, LogLevel.Error,
        "Server {Server} could not save a snapshot at {Position}. The log goes on; it will try again later")]
    public static partial void SnapshotFailed(
        ILogger logger, int server, LogPosition position, Exception failure);

    [LoggerMessage(111, LogLevel.Warning,
        "Old log files and snapshots could not be removed. Nothing is lost")]
    public static partial void PurgeFailed(ILogger logger, Exception failure);

    [LoggerMessage(112, LogLevel.Information, "Server {Server} has stopped")]
    public static partial void Stopped(ILogger logger, int server);

    [LoggerMessage(113, LogLevel.Critical, "Server {Server} has failed and takes no further part: {Reason}")]
    public static partial void Failed(ILogger logger, int server, string reason, Exception failure);

    [LoggerMessage(114, LogLevel.Warning, "The stop of the node goes on without this step: {Step}")]
    public static partial void StopStepFailed(ILogger logger, string step, Exception failure);

    [LoggerMessage(115, LogLevel.Information, "{Key} has no effect here")]
    public static partial void IgnoredKey(ILogger logger, string key);

    [LoggerMessage(116, LogLevel.Error,
        "Server {Server}: an observer of the watch on '{Path}' has thrown, and is called no more")]
    public static partial void ObserverFailed(ILogger logger, int server, string path, Exception failure);

    [LoggerMessage(117, LogLevel.Warning,
        "Server {Server}: the quota of {Path} is exceeded. Said once in a minute at most")]
    public static partial void QuotaExceeded(ILogger logger, int server, string path);
}
