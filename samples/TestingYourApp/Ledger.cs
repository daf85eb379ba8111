namespace TestingYourApp;

/// <summary>What the workers write to: a database, a printer, a bank. It takes a write only with the newest
/// fence that it has seen.</summary>
internal sealed class Ledger
{
    private Zxid _fence;

    /// <summary>Who wrote, and with which fence, in order.</summary>
    public List<(string Worker, Zxid Fence)> Writes { get; } = [];

    /// <summary>How many writes of workers that did not lead any more were refused.</summary>
    public int Refused { get; private set; }

    /// <summary>Writes, if the fence is not out of date.</summary>
    public bool TryWrite(string worker, Zxid fence)
    {
        if (fence < _fence)
        {
            Refused++;
            return false;
        }

        _fence = fence;
        Writes.Add((worker, fence));
        return true;
    }
}
