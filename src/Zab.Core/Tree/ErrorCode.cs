namespace Zab.Core.Tree;

/// <summary>The outcome of an operation. The numbers and names are ZooKeeper's, and no code is ever added of
/// our own, as ZooKeeper's clients refuse codes that they do not know.</summary>
public enum ErrorCode
{
    /// <summary>It was done.</summary>
    Ok = 0,

    /// <summary>The server failed in a way that has no code of its own.</summary>
    SystemError = -1,

    /// <summary>In a multi: not tried, as another operation failed.</summary>
    RuntimeInconsistency = -2,

    /// <summary>Not used.</summary>
    DataInconsistency = -3,

    /// <summary>The connection was lost; whether the operation was done is not known. Made by
    /// clients.</summary>
    ConnectionLoss = -4,

    /// <summary>The request could not be read.</summary>
    MarshallingError = -5,

    /// <summary>The operation does not exist here.</summary>
    Unimplemented = -6,

    /// <summary>No answer came in time. Made by clients.</summary>
    OperationTimeout = -7,

    /// <summary>An argument is invalid: a path, a create mode, a node that must not be touched, a
    /// size.</summary>
    BadArguments = -8,

    /// <summary>Between servers only: no such session.</summary>
    UnknownSession = -12,

    /// <summary>A reconfiguration would have no synchronised quorum.</summary>
    NewConfigNoQuorum = -13,

    /// <summary>Another reconfiguration is under way.</summary>
    ReconfigInProgress = -14,

    /// <summary>Marks the range of the codes below it.</summary>
    ApiError = -100,

    /// <summary>The node, or the parent of a node to be created, does not exist.</summary>
    NoNode = -101,

    /// <summary>The caller lacks the permission.</summary>
    NoAuth = -102,

    /// <summary>The version is not the one that the caller expects.</summary>
    BadVersion = -103,

    /// <summary>The parent is ephemeral and cannot have children.</summary>
    NoChildrenForEphemerals = -108,

    /// <summary>The node exists already.</summary>
    NodeExists = -110,

    /// <summary>The node has children.</summary>
    NotEmpty = -111,

    /// <summary>The session has ended, or never was.</summary>
    SessionExpired = -112,

    /// <summary>Not used.</summary>
    InvalidCallback = -113,

    /// <summary>The list of permissions is empty or malformed.</summary>
    InvalidAcl = -114,

    /// <summary>The credentials were refused.</summary>
    AuthFailed = -115,

    /// <summary>The session is served by another server now.</summary>
    SessionMoved = -118,

    /// <summary>The server is cut off from its quorum and serves reads alone.</summary>
    NotReadOnly = -119,

    /// <summary>A local session cannot own ephemeral nodes.</summary>
    EphemeralOnLocalSession = -120,

    /// <summary>There is no such watch.</summary>
    NoWatcher = -121,

    /// <summary>The request took too long. Made by clients.</summary>
    RequestTimeout = -122,

    /// <summary>Reconfiguration is switched off.</summary>
    ReconfigDisabled = -123,

    /// <summary>The session must authenticate first, and is closed.</summary>
    SessionClosedRequireAuth = -124,

    /// <summary>A quota, or the limit of a session's ephemeral nodes, would be exceeded.</summary>
    QuotaExceeded = -125,

    /// <summary>The server is overloaded and refused the operation.</summary>
    ThrottledOp = -127,
}
