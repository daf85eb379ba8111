namespace Zab.Benchmarks.Measured;

/// <summary>Tells every now and then how far something has come.</summary>
internal sealed class Progress(TextWriter output, string what, int total)
{
    private const int Steps = 5;

    private int _told;

    /// <summary>So many are done.</summary>
    public void Report(int done)
    {
        int step = (int)((long)done * Steps / total);
        if (step > _told)
        {
            _told = step;
            output.WriteLine(Text.Of($"  {what}: {done:n0} of {total:n0}"));
        }
    }
}
