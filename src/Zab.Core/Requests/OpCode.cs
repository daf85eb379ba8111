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

    /// <summary>Lists the children.</summary>
    GetChildren = 8,

    /// <summary>Waits until the server has caught up with the leader.</summary>
    Sync = 9,

    /// <summary>Lists the children, and reads the stat.</summary>
    GetChildren2 = 12,

    /// <summary>Creates a node, and reads its stat.</summary>
    Create2 = 15,

    /// <summary>Removes a watch.</summary>
    RemoveWatches = 18,

    /// <summary>Adds a persistent watch.</summary>
    AddWatch = 106,

    /// <summary>Opens a session.</summary>
    CreateSession = -10,

    /// <summary>Closes a session and deletes its ephemeral nodes.</summary>
    CloseSession = -11,
}

/// <summary>Questions about an <see cref="OpCode"/>.</summary>
internal static class OpCodes
{
    extension(OpCode op)
    {
        /// <summary>Whether the number is one of the enumeration's.</summary>
        public bool IsKnown => op.IsWrite || op.IsRead
            || op is OpCode.Sync or OpCode.RemoveWatches or OpCode.AddWatch;

        /// <summary>Whether the operation becomes a transaction.</summary>
        public bool IsWrite => op is OpCode.Create or OpCode.Delete or OpCode.SetData or OpCode.Create2
            or OpCode.CreateSession or OpCode.CloseSession;

        /// <summary>Whether the operation is answered from the state of any server.</summary>
        public bool IsRead =>
            op is OpCode.Exists or OpCode.GetData or OpCode.GetChildren or OpCode.GetChildren2;
    }
}
