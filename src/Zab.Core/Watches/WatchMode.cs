namespace Zab.Core.Watches;

/// <summary>The kinds of watches. The numbers are those by which ZooKeeper's removeWatches names
/// them.</summary>
public enum WatchMode
{
    /// <summary>Fires once, when a child is created or deleted, or when the node itself is deleted. Left by
    /// reading the children.</summary>
    Children = 1,

    /// <summary>Fires once, when the node is created or deleted or its data is set. Left by reading the data,
    /// or by asking whether the node exists.</summary>
    Data = 2,

    /// <summary>Stays, and fires whenever <see cref="Children"/> or <see cref="Data"/> would.</summary>
    Persistent = 4,

    /// <summary>Stays, and fires whenever the node or any below it is created or deleted or has its data set;
    /// never for children as such.</summary>
    PersistentRecursive = 5,
}
