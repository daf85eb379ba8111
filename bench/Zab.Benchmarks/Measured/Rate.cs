using System.Diagnostics;

namespace Zab.Benchmarks.Measured;

/// <summary>How often one core can do something. Counted is the processor time of this process, so that other
/// programs on the machine disturb less.</summary>
/// <param name="PerSecond">The rate of the median round.</param>
/// <param name="BytesEach">The bytes that the thread allocated for each, over all rounds.</param>
internal readonly record struct Rate(double PerSecond, double BytesEach)
{
    private const int Rounds = 7;

    private static readonly TimeSpan s_roundMin = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(2);

    /// <summary>Measures on this thread, after a warm-up.</summary>
    /// <param name="chunk">Does it as often as it returns.</param>
    public static Rate Of(Func<int> chunk)
    {
        _ = Round(chunk, s_warmUp);
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        double[] rates = new double[Rounds];
        long done = 0;
        for (int i = 0; i < Rounds; i++)
        {
            (long count, rates[i]) = Round(chunk, s_roundMin);
            done += count;
        }

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Array.Sort(rates);
        return new Rate(rates[Rounds / 2], (double)allocated / done);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        Text.Of($"{PerSecond,12:n0}/s  {BytesEach:0.###} bytes allocated each");

    private static (long Count, double PerSecond) Round(Func<int> chunk, TimeSpan atLeast)
    {
        TimeSpan start = Environment.CpuUsage.TotalTime;
        long started = Stopwatch.GetTimestamp();
        long count = 0;
        do
        {
            count += chunk();
        }
        while (Stopwatch.GetElapsedTime(started) < atLeast);
        TimeSpan elapsed = Environment.CpuUsage.TotalTime - start;
        return (count, count / elapsed.TotalSeconds);
    }
}
