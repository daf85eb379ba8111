namespace Zab.Core.Requests;

/// <summary>The operations. The numbers are ZooKeeper's, on its wire and in its transaction
/// headers.</summary>
public enum OpCode
{
    /// <summary>Creates a node.</summary>
    Create = 1,

    /// <summary>Deletes a node.</summary>
    Delete = 2,

    /// <summary>Asks for the stat of a node, which need not exist.</summary>
    Exists = 3,

    /// <summary>Reads data and stat.</summary>
    GetData = 4,

    /// <summary>Sets data.</summary>
    SetData = 5,

    /// <summary>Reads the permissions.</summary>
    GetAcl = 6,

    /// <summary>Sets the permissions.</summary>
    SetAcl = 7,

    /// <summary>Lists the children.</summary>
    GetChildren = 8,

    /// <summary>Waits until the server has caught up with the leader.</summary>
    Sync = 9,

    /// <summary>Lists the children, and reads the stat.</summary>
    GetChildren2 = 12,

    /// <summary>In a multi: demands a version.</summary>
    Check = 13,

    /// <summary>Several writes, all or none.</summary>
    Multi = 14,

    /// <summary>Creates a node, and reads its stat.</summary>
    Create2 = 15,

    /// <summary>Asks whether there is a watch.</summary>
    CheckWatches = 17,

    /// <summary>Removes a watch.</summary>
    RemoveWatches = 18,

    /// <summary>Creates a container.</summary>
    CreateContainer = 19,

    /// <summary>Deletes a container, or a node whose time to live is over. The leader's own.</summary>
    DeleteContainer = 20,

    /// <summary>Creates a node with a time to live.</summary>
    CreateTtl = 21,

    /// <summary>Several reads of one state.</summary>
    MultiRead = 22,

    /// <summary>Adds to who the session is.</summary>
    Auth = 100,

    /// <summary>Sets the watches of a client that comes back, but for <see cref="SetWatches2"/>.</summary>
    SetWatches = 101,

    /// <summary>Lists the ephemeral nodes of the session.</summary>
    GetEphemerals = 103,

    /// <summary>Counts the nodes below a node.</summary>
    GetAllChildrenNumber = 104,

    /// <summary>Sets the watches of a client that comes back, those that stay among them.</summary>
    SetWatches2 = 105,

    /// <summary>Adds a persistent watch.</summary>
    AddWatch = 106,

    /// <summary>Tells who the session is.</summary>
    WhoAmI = 107,

    /// <summary>Opens a session.</summary>
    CreateSession = -10,

    /// <summary>Closes a session and deletes its ephemeral nodes.</summary>
    CloseSession = -11,

    /// <summary>A session goes on at another server. Our own: ZooKeeper keeps it to the leader's
    /// memory.</summary>
    MoveSession = -12,
}
