namespace Zab.Testing.Simulation;

/// <summary>What is to happen, in the order of time; what was planned first comes first at the same
/// time.</summary>
internal sealed class EventQueue
{
    private readonly PriorityQueue<SimulatedEvent, (long TimeUs, long Order)> _events = new();
    private long _order;

    /// <summary>Plans an event.</summary>
    public void Add(long timeUs, SimulatedEvent planned) => _events.Enqueue(planned, (timeUs, _order++));

    /// <summary>Takes the next event, if there is one up to the given time.</summary>
    public bool TryTake(long untilUs, out SimulatedEvent next, out long timeUs)
    {
        (timeUs, next) = (0, default);
        if (!_events.TryPeek(out _, out (long TimeUs, long) first) || first.TimeUs > untilUs)
        {
            return false;
        }

        timeUs = first.TimeUs;
        next = _events.Dequeue();
        return true;
    }
}
