using System.Diagnostics.CodeAnalysis;
using Zab.Core.Tree;

namespace Zab;

/// <summary>A call of a session did not do what was asked. Derived types stand for the outcomes that callers
/// handle.</summary>
/// <remarks>Unless it is a <see cref="ConnectionLossException"/>, the call changed nothing.</remarks>
[SuppressMessage("Design", "CA1032",
    Justification = "Made by a session alone, which always has a code and a path.")]
public class ZabException : Exception
{
    private protected ZabException(
        ErrorCode error, string path, string message, Exception? innerException = null)
        : base(message, innerException) => (ErrorCode, Path) = (error, path);

    /// <summary>The outcome, by ZooKeeper's code.</summary>
    public ErrorCode ErrorCode { get; }

    /// <summary>The node that the call was about; empty when it was about the session.</summary>
    public string Path { get; }

    /// <summary>The exception for an outcome that is not <see cref="ErrorCode.Ok"/>.</summary>
    internal static ZabException Of(ErrorCode error, string path) => error switch
    {
        ErrorCode.NoNode => new NoNodeException(path),
        ErrorCode.NodeExists => new NodeExistsException(path),
        ErrorCode.BadVersion => new BadVersionException(path),
        ErrorCode.NotEmpty => new NotEmptyException(path),
        ErrorCode.NoChildrenForEphemerals => new NoChildrenForEphemeralsException(path),
        ErrorCode.SessionExpired => new SessionExpiredException(path),
        ErrorCode.ConnectionLoss => ConnectionLossException.OutcomeUnknown(path),
        ErrorCode.ThrottledOp =>
            new RequestThrottledException(path, "The leader has too many writes under way."),
        ErrorCode.NoAuth => new NoAuthException(path),
        ErrorCode.InvalidAcl => new InvalidAclException(path),
        ErrorCode.QuotaExceeded => new QuotaExceededException(path),
        ErrorCode.SessionMoved => new SessionMovedException(path),
        ErrorCode.AuthFailed => new AuthFailedException(path),
        ErrorCode.RuntimeInconsistency => new RequestNotDoneException(path),
        ErrorCode.BadArguments => new ZabException(error, path, Invalid(path)),
        _ => new ZabException(error, path, $"The call on '{path}' failed: {error} ({(int)error})."),
    };

    // The path of a sequential node is one once it has its number.
    private static string Invalid(string path) =>
        path.Length == 0 || PathRules.IsValid(path.EndsWith('/') ? $"{path}0" : path)
            ? $"An argument of the call on '{path}' is invalid."
            : $"'{path}' is no path of a node: it begins with a slash and ends with none, has no empty "
                + "element, no '.' or '..', and no control, surrogate or private-use character.";
}
