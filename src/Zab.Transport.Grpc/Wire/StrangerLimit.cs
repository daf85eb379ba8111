using Microsoft.AspNetCore.Connections;

namespace Zab.Transport.Grpc.Wire;

/// <summary>Bounds how many connections there may be that have not yet proved to come from a peer.</summary>
/// <remarks>A connection beyond the bound is closed at once, so that a flood of strangers costs a fixed
/// amount of memory; links that are up are not counted and go on. Thread-safe.</remarks>
internal sealed class StrangerLimit(int connectionsMax)
{
    private int _connections;

    /// <summary>Wraps the handling of connections.</summary>
    public ConnectionDelegate Guard(ConnectionDelegate next) => async connection =>
    {
        if (Interlocked.Increment(ref _connections) > connectionsMax)
        {
            _ = Interlocked.Decrement(ref _connections);
            connection.Abort(new ConnectionAbortedException("too many connections that have not said Hello"));
            return;
        }

        StrangerSlot slot = new(this);
        connection.Features.Set(slot);
        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            slot.Release();
        }
    };

    /// <summary>One connection fewer to count.</summary>
    public void Leave() => Interlocked.Decrement(ref _connections);
}
