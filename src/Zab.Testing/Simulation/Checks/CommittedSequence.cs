using Zab.Core.Primitives;

namespace Zab.Testing.Simulation.Checks;

/// <summary>The one sequence of committed transactions, C: it only grows, and no crash resets it.</summary>
internal sealed class CommittedSequence(LogPosition start)
{
    private readonly Dictionary<Zxid, ChainHash> _chains = new() { [start.Zxid] = start.Chain };

    /// <summary>The newest transaction that is committed.</summary>
    public LogPosition Last { get; private set; } = start;

    /// <summary>How many transactions have been committed.</summary>
    public long Count => _chains.Count - 1;

    /// <summary>Whether the sequence goes through the position.</summary>
    public bool Contains(LogPosition position) =>
        _chains.TryGetValue(position.Zxid, out ChainHash chain) && chain == position.Chain;

    /// <summary>Adds the next transaction.</summary>
    public void Add(LogPosition next)
    {
        _chains.Add(next.Zxid, next.Chain);
        Last = next;
    }
}
