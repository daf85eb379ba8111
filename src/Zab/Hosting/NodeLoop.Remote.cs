using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Zab.Core;
using Zab.Core.Requests;
using Zab.Sessions;

namespace Zab.Hosting;

/// <content>Clients that are not in this process, and those who look at what the loop owns.</content>
internal sealed partial class NodeLoop
{
    /// <summary>The options.</summary>
    public ZabNodeOptions Options => _options;

    /// <summary>Hands in requests of a remote client, in their order, behind those before. Waits for
    /// room.</summary>
    /// <exception cref="ChannelClosedException">The node has ended.</exception>
    public ValueTask AskAsync(
        RemoteClient client, IReadOnlyList<ClientRequest> requests, CancellationToken cancellationToken) =>
        Facts.PostAsync(new Fact.AskedRemotely(client, requests), cancellationToken);

    /// <summary>Tells that a remote client is gone. Waits for room.</summary>
    public async Task LeaveAsync(RemoteClient client)
    {
        try
        {
            await Facts.PostAsync(new Fact.Left(client), CancellationToken.None).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            // Nobody is served any more.
        }
    }

    /// <summary>Looks at the replica between two facts.</summary>
    /// <param name="look">Takes what it wants, quickly, and keeps no part of the replica that
    /// changes.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>What was seen.</returns>
    /// <exception cref="ZabNodeFailedException">The node has ended.</exception>
    public async Task<T> LookAsync<T>(Func<Replica, T> look, CancellationToken cancellationToken)
    {
        TaskCompletionSource<T> seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            Fact.LookedAt fact = new(replica => Look(replica, look, seen));
            await Facts.PostAsync(fact, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw new ZabNodeFailedException("The node has ended.", innerException: null);
        }

        return await seen.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whoever asked to look gets it; the loop goes on.")]
    private static void Look<T>(Replica? replica, Func<Replica, T> look, TaskCompletionSource<T> seen)
    {
        try
        {
            if (replica is null)
            {
                seen.SetException(new ZabNodeFailedException("The node has ended.", innerException: null));
            }
            else
            {
                seen.SetResult(look(replica));
            }
        }
        catch (Exception e)
        {
            seen.SetException(e);
        }
    }

    /// <summary>Ends what came too late for the loop.</summary>
    private static void TurnAway(Fact fact, Exception? cause)
    {
        switch (fact)
        {
            case Fact.Asked asked:
                ClientGate.FailUnsent(asked.Call, cause);
                break;
            case Fact.AskedRemotely asked:
                asked.Client.End();
                break;
            case Fact.LookedAt looked:
                looked.Look(null);
                break;
            default:
                break; // nobody waits for it
        }
    }
}
