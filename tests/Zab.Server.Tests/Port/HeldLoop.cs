using Zab.Tests.Hosting;

namespace Zab.Server.Tests.Port;

/// <summary>A node whose loop stands still, as in a pause of its process, until it is let go.</summary>
internal sealed class HeldLoop : IAsyncDisposable
{
    private const int TurnFactsMax = 1024; // of NodeLoop

    private readonly ZabNode _node;
    private readonly List<Task<bool>> _looks = [];
    private readonly ManualResetEventSlim _held = new();
    private readonly ManualResetEventSlim _go = new();

    private HeldLoop(ZabNode node)
    {
        _node = node;
        _looks.Add(node.Loop.LookAsync(
            _ =>
            {
                _held.Set();
                return _go.Wait(Safety.Limit);
            },
            Safety.Token));
    }

    public static HeldLoop Of(ZabNode node)
    {
        HeldLoop loop = new(node);
        Assert.True(loop._held.Wait(Safety.Limit));
        return loop;
    }

    /// <summary>Puts a whole turn's facts into the queue.</summary>
    /// <param name="last">What is done in that turn, or at the end of the one before.</param>
    public void FillTurn(Action last)
    {
        for (int i = 1; i < TurnFactsMax; i++)
        {
            _looks.Add(_node.Loop.LookAsync(_ => true, Safety.Token));
        }

        _looks.Add(_node.Loop.LookAsync(
            _ =>
            {
                last();
                return true;
            },
            Safety.Token));
    }

    /// <summary>Lets it go.</summary>
    public async ValueTask DisposeAsync()
    {
        _go.Set();
        Assert.All(await Task.WhenAll(_looks), Assert.True);
        _held.Dispose();
        _go.Dispose();
    }
}
