namespace Zab.Core.Tree;

/// <summary>The kinds of znodes to create. The numbers are ZooKeeper's create flags.</summary>
public enum CreateMode
{
    /// <summary>A node that stays until it is deleted.</summary>
    Persistent = 0,

    /// <summary>A node that goes with the session that created it, and has no children.</summary>
    Ephemeral = 1,

    /// <summary>As <see cref="Persistent"/>, with the parent's next number at the end of its name.</summary>
    PersistentSequential = 2,

    /// <summary>As <see cref="Ephemeral"/>, with the parent's next number at the end of its name.</summary>
    EphemeralSequential = 3,

    /// <summary>A node for children that come and go: the leader deletes it some time after its last child
    /// was deleted.</summary>
    Container = 4,

    /// <summary>As <see cref="Persistent"/>, with a time to live: the leader deletes it when it has had no
    /// children, and its data was not set, for that long.</summary>
    PersistentWithTtl = 5,

    /// <summary>As <see cref="PersistentWithTtl"/>, with the parent's next number at the end of its
    /// name.</summary>
    PersistentSequentialWithTtl = 6,
}

/// <summary>Questions about a <see cref="CreateMode"/>.</summary>
internal static class CreateModes
{
    extension(CreateMode mode)
    {
        /// <summary>Whether the number is one of the enumeration's.</summary>
        public bool IsKnown => mode is >= CreateMode.Persistent and <= CreateMode.PersistentSequentialWithTtl;

        /// <summary>Whether the session owns the node.</summary>
        public bool IsEphemeral => mode is CreateMode.Ephemeral or CreateMode.EphemeralSequential;

        /// <summary>Whether the name gets the parent's next number.</summary>
        public bool IsSequential => mode is CreateMode.PersistentSequential or CreateMode.EphemeralSequential
            or CreateMode.PersistentSequentialWithTtl;

        /// <summary>Whether the node has a time to live.</summary>
        public bool HasTtl => mode is CreateMode.PersistentWithTtl or CreateMode.PersistentSequentialWithTtl;
    }
}
