using System.Diagnostics.CodeAnalysis;
using Zab.Testing.Simulation;

namespace Zab.Cli.Sim;

/// <summary>Seeds to run and results to tell, shared by threads.</summary>
/// <remarks>Seeds are claimed in order, and whatever was claimed is delivered: so the results have no gap,
/// even when the work is stopped.</remarks>
internal sealed class Work(ulong first, long count, int aheadMax)
{
    private readonly object _gate = new();
    private readonly Dictionary<long, SimulationResult> _delivered = [];
    private long _claimed;
    private long _taken;
    private bool _isStopped;

    /// <summary>Takes the next seed to run; waits while the threads are too far ahead.</summary>
    public bool TryClaim(out ulong seed)
    {
        lock (_gate)
        {
            while (!_isStopped && _claimed < count && _claimed - _taken >= aheadMax)
            {
                _ = Monitor.Wait(_gate);
            }

            seed = first + (ulong)_claimed;
            return !_isStopped && _claimed++ < count;
        }
    }

    /// <summary>Gives the result of a claimed seed.</summary>
    public void Deliver(ulong seed, SimulationResult result)
    {
        lock (_gate)
        {
            _delivered.Add((long)(seed - first), result);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Takes the result of the next seed, and waits for it.</summary>
    /// <returns>False when there is no further one.</returns>
    public bool TryTakeNext([NotNullWhen(true)] out SimulationResult? result)
    {
        lock (_gate)
        {
            while (!_delivered.Remove(_taken, out result))
            {
                if (_taken >= (_isStopped ? long.Min(_claimed, count) : count))
                {
                    return false;
                }

                _ = Monitor.Wait(_gate);
            }

            _taken++;
            Monitor.PulseAll(_gate);
            return true;
        }
    }

    /// <summary>Lets no further seed be claimed.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _isStopped = true;
            Monitor.PulseAll(_gate);
        }
    }
}
