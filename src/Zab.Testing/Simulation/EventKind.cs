namespace Zab.Testing.Simulation;

/// <summary>The kinds of events.</summary>
internal enum EventKind
{
    /// <summary>A tick of a server's clock.</summary>
    Tick = 1,

    /// <summary>The first message of a wire arrives.</summary>
    Deliver = 2,

    /// <summary>A server's disk has finished a write.</summary>
    LogDone = 3,

    /// <summary>The next piece of work of a snapshot that a server writes.</summary>
    SnapshotStep = 4,

    /// <summary>A dialled link is up, or the attempt has failed.</summary>
    Dialled = 5,

    /// <summary>Two servers without an election link try again.</summary>
    Redial = 6,

    /// <summary>A client does something.</summary>
    Client = 7,

    /// <summary>The next step of the plan of faults.</summary>
    Plan = 8,

    /// <summary>A client's request comes to its server.</summary>
    Ask = 9,

    /// <summary>Something else that a server's host does, in a turn of its own.</summary>
    Work = 10,
}
