using System.Diagnostics.CodeAnalysis;

namespace Zab.Testing.Simulation.Hosting;

/// <summary>A timer in simulated time.</summary>
[SuppressMessage("Reliability", "CA2213", Justification = "The context is not the timer's own.")]
internal sealed class SimulatedTimer(World world, Pump pump, Action callback) : ITimer
{
    private readonly ExecutionContext? _context = ExecutionContext.Capture();
    private CancellationTokenRegistration _registration;
    private long _settings;
    private long _periodUs;
    private bool _isDisposed;

    /// <inheritdoc/>
    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        pump.ThrowUnlessHere();
        if (_isDisposed)
        {
            return false;
        }

        _settings++; // what was planned before is void
        _periodUs = period <= TimeSpan.Zero ? 0 : Microseconds(period);
        if (dueTime >= TimeSpan.Zero)
        {
            Plan(Microseconds(dueTime));
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isDisposed = true;
        _registration.Dispose();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return default;
    }

    /// <summary>The timer is that of a delay, which ends with it.</summary>
    public void Follow(Task delay)
    {
        if (!_isDisposed)
        {
            _registration = DelayCancellation.Follow(pump, delay);
        }
    }

    /// <summary>At least one, so that time goes on whatever the user does.</summary>
    private static long Microseconds(TimeSpan time) =>
        Math.Max(1, (time.Ticks + TimeSpan.TicksPerMicrosecond - 1) / TimeSpan.TicksPerMicrosecond);

    private void Plan(long delayUs)
    {
        long settings = _settings;
        world.PlanClient(delayUs, new Action(() => OnDue(settings)));
    }

    private void OnDue(long settings)
    {
        if (_isDisposed || settings != _settings)
        {
            return;
        }

        if (_periodUs > 0)
        {
            Plan(_periodUs);
        }

        if (_context is { } context)
        {
            ExecutionContext.Run(context, static state => ((Action)state!)(), callback);
        }
        else
        {
            callback();
        }
    }
}
