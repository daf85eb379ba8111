using Zab.Core.Tree;

namespace Zab.Cli.Shell;

/// <summary>Says why a call was not done, in the words of ZooKeeper's shell where it has any.</summary>
internal static class ShellErrors
{
    /// <summary>The line for an outcome.</summary>
    public static string Of(ZabException failure) => failure.ErrorCode switch
    {
        ErrorCode.NoNode => $"Node does not exist: {failure.Path}",
        ErrorCode.NodeExists => $"Node already exists: {failure.Path}",
        ErrorCode.NotEmpty => $"Node not empty: {failure.Path}",
        ErrorCode.NoChildrenForEphemerals => $"Ephemerals cannot have children: {failure.Path}",
        ErrorCode.NotReadOnly => $"Not a read-only call: {failure.Path}",
        ErrorCode.InvalidAcl => $"Acl is not valid : {failure.Path}",
        ErrorCode.NoAuth => $"Insufficient permission : {failure.Path}",
        ErrorCode.BadVersion => $"version No is not valid : {failure.Path}",
        ErrorCode.QuotaExceeded => $"Quota has exceeded : {failure.Path}",
        ErrorCode.BadArguments when failure.GetType() == typeof(ZabException) =>
            $"Arguments are not valid : {failure.Path}",
        ErrorCode.EphemeralOnLocalSession => "Unable to create ephemeral node on a local session",
        ErrorCode.Ok or ErrorCode.SystemError or ErrorCode.RuntimeInconsistency
            or ErrorCode.DataInconsistency or ErrorCode.ConnectionLoss or ErrorCode.MarshallingError
            or ErrorCode.Unimplemented or ErrorCode.OperationTimeout or ErrorCode.BadArguments
            or ErrorCode.UnknownSession or ErrorCode.NewConfigNoQuorum or ErrorCode.ReconfigInProgress
            or ErrorCode.ApiError or ErrorCode.SessionExpired or ErrorCode.InvalidCallback
            or ErrorCode.AuthFailed or ErrorCode.SessionMoved or ErrorCode.NoWatcher
            or ErrorCode.RequestTimeout or ErrorCode.ReconfigDisabled or ErrorCode.SessionClosedRequireAuth
            or ErrorCode.ThrottledOp => failure.Message,
    };
}
