using System.Collections.Generic;
using Zab.Core.Primitives;
using Zab.Core.Recovery;
using Zab.Core.Requests;

namespace Zab.Core;

/// <summary>What the latest of the transactions did that a server replayed from its disk when it
/// started.</summary>
/// <param name="outcomesMax">How many are kept.</param>
internal sealed class RecoveredOutcomes(int outcomesMax)
{
    private readonly Queue<TxnOutcome> _outcomes = new();
    private readonly List<TxnOutcome> _added = [];

    /// <summary>Every transaction above this one is among <see cref="Outcomes"/>.</summary>
    public Zxid After { get; set; }

    /// <summary>The outcomes, in order.</summary>
    public IReadOnlyCollection<TxnOutcome> Outcomes => _outcomes;

    /// <summary>Applies entries, and keeps what they did.</summary>
    public void AddFrom(CommittedData data, Zxid target, History history)
    {
        _ = data.ApplyTo(target, history, _added);
        foreach (TxnOutcome outcome in _added)
        {
            _outcomes.Enqueue(outcome);
            if (_outcomes.Count > outcomesMax)
            {
                After = _outcomes.Dequeue().Zxid;
            }
        }

        _added.Clear();
    }
}
