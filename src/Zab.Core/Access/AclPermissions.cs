using System;

namespace Zab.Core.Access;

/// <summary>What may be done to a node. The numbers are ZooKeeper's.</summary>
[Flags]
public enum AclPermissions
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Read the data, list the children.</summary>
    Read = 1,

    /// <summary>Set the data.</summary>
    Write = 2,

    /// <summary>Create children.</summary>
    Create = 4,

    /// <summary>Delete children: it is asked of the parent, not of the node.</summary>
    Delete = 8,

    /// <summary>Set the permissions.</summary>
    Admin = 16,

    /// <summary>Everything.</summary>
    All = 31,
}
