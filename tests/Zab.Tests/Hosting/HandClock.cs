namespace Zab.Tests.Hosting;

/// <summary>A clock that goes by itself until it is stopped, and by hand from then on.</summary>
/// <remarks>Timers go on by themselves: they wake those who then look at this clock.</remarks>
internal sealed class HandClock : TimeProvider
{
    private long _stoppedAt;

    public override long GetTimestamp() =>
        Volatile.Read(ref _stoppedAt) is var at && at != 0 ? at : System.GetTimestamp();

    /// <summary>Stops it, so that nothing expires that the test does not want to.</summary>
    public void Stop() => Volatile.Write(ref _stoppedAt, System.GetTimestamp());

    /// <summary>Moves it forward, once it is stopped.</summary>
    public void Advance(TimeSpan time) =>
        Interlocked.Add(ref _stoppedAt, (long)(time.TotalSeconds * TimestampFrequency));

    /// <summary>Moves it forward, and waits until a node has done what that led to: a disk that is merely slow
    /// would seem to stand still when more steps follow.</summary>
    public async Task PassAsync(ZabNode node, TimeSpan time)
    {
        Advance(time);
        while (await node.Loop.LookAsync(replica => replica.Log.OldestWriteTick is not null, Safety.Token))
        {
            await Task.Yield();
        }
    }
}
