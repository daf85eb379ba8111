namespace Zab.Transport.Grpc.Wire;

/// <summary>The place that one connection takes among the strangers, given back once.</summary>
internal sealed class StrangerSlot(StrangerLimit limit)
{
    private int _released;

    /// <summary>Gives the place back, if that has not been done.</summary>
    public void Release()
    {
        if (Interlocked.Exchange(ref _released, 1) == 0)
            limit.Leave();
    }
}
