namespace Zab;

/// <summary>What happened to a node.</summary>
public enum TreeChangeKind
{
    /// <summary>It was created.</summary>
    Created = 1,

    /// <summary>It was deleted.</summary>
    Deleted = 2,

    /// <summary>Its data was set.</summary>
    DataChanged = 3,
}

/// <summary>One change of the tree.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Path">The node.</param>
public readonly record struct TreeChange(TreeChangeKind Kind, string Path);
