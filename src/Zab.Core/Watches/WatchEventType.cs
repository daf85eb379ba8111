namespace Zab.Core.Watches;

/// <summary>What a watch tells. The numbers are ZooKeeper's.</summary>
public enum WatchEventType
{
    /// <summary>Nothing about a node: the state of the connection changed. Made by clients.</summary>
    None = -1,

    /// <summary>The node was created.</summary>
    NodeCreated = 1,

    /// <summary>The node was deleted.</summary>
    NodeDeleted = 2,

    /// <summary>The data of the node was set, perhaps to what it was.</summary>
    NodeDataChanged = 3,

    /// <summary>A child of the node was created or deleted.</summary>
    NodeChildrenChanged = 4,
}
