using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Zab.Core.Messages;
using Zab.Core.Ports;

namespace Zab.Testing.Transport;

/// <summary>One end of a link in memory: what was sent to it waits here, and one task raises its
/// events.</summary>
/// <param name="link">The link as this end knows it.</param>
/// <param name="older">The end that this one replaces; its last event comes before the first of this
/// one.</param>
/// <param name="bytesMax">How many bytes may wait here.</param>
[SuppressMessage("Design", "CA1001",
    Justification = "Its source of cancellation has no timer and no handle.")]
internal sealed class InMemoryLinkEnd(Link link, InMemoryLinkEnd? older, long bytesMax)
{
    private const int MessageBytes = 64; // What a message costs beside its body, roughly.

    // Unbounded in items as it is bounded in bytes, below.
    private readonly Channel<Message> _inbound =
        Channel.CreateUnbounded<Message>(new UnboundedChannelOptions { SingleReader = true });

    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private InMemoryLinkEnd? _other;
    private string? _reason;
    private long _bytes;

    /// <summary>The link.</summary>
    public Link Link => link;

    /// <summary>Whether the link has begun to end.</summary>
    public bool IsEnding => Volatile.Read(ref _reason) is not null;

    /// <summary>Ends when the last event has been taken.</summary>
    public Task Finished => _finished.Task;

    /// <summary>Ends when both ends have.</summary>
    public Task BothFinished => Task.WhenAll(Finished, _other!.Finished);

    /// <summary>Makes two ends one link.</summary>
    public void Join(InMemoryLinkEnd other)
    {
        _other = other;
        other._other = this;
    }

    /// <summary>Sends to the other end, or breaks the link when there is no room (R19).</summary>
    public void Send(IReadOnlyList<Message> messages)
    {
        for (int i = 0; i < messages.Count && !IsEnding; i++)
        {
            if (Interlocked.Add(ref _other!._bytes, BytesOf(messages[i])) > bytesMax)
                End($"more than {bytesMax} bytes wait to be sent");
            else
                _ = _other._inbound.Writer.TryWrite(messages[i]);
        }
    }

    /// <summary>Ends the link at both ends; the first reason is the reason.</summary>
    public void End(string reason)
    {
        EndHere(reason);
        _other!.EndHere(reason);
    }

    /// <summary>Raises the events of this end, from the first to the last.</summary>
    /// <param name="events">Who is told.</param>
    /// <param name="stopping">Cancelled when the transport is being disposed; no event begins
    /// afterwards.</param>
    [SuppressMessage("Design", "CA1031",
        Justification = "What a host throws breaks the link, and nothing else (R20).")]
    public async Task RunAsync(ITransportEvents events, CancellationToken stopping)
    {
        try
        {
            if (older is not null)
                await older.Finished.ConfigureAwait(false);
            older = null;
            if (!stopping.IsCancellationRequested)
                await RaiseAllAsync(events, stopping).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            End($"an event was not taken: {e.Message}");
        }
        finally
        {
            _finished.SetResult();
        }
    }

    private async Task RaiseAllAsync(ITransportEvents events, CancellationToken stopping)
    {
        await events.LinkUpAsync(link, stopping).ConfigureAwait(false);
        try
        {
            while (await _inbound.Reader.WaitToReadAsync(_ending.Token).ConfigureAwait(false))
            {
                List<Message> messages = [];
                while (_inbound.Reader.TryRead(out Message message))
                    messages.Add(message);
                await events.ReceivedAsync(link, messages, _ending.Token).ConfigureAwait(false);
                _ = Interlocked.Add(ref _bytes, -messages.Sum(BytesOf));
            }
        }
        catch (OperationCanceledException)
        {
            // The link has ended: what waits is dropped with it.
        }
        catch (Exception e)
        {
            End($"an event was not taken: {e.Message}");
            throw;
        }
        finally
        {
            if (!stopping.IsCancellationRequested)
                await events.LinkDownAsync(link, _reason ?? "the link ended", stopping).ConfigureAwait(false);
        }
    }

    private void EndHere(string reason)
    {
        if (Interlocked.CompareExchange(ref _reason, reason, null) is null)
            _ = _ending.CancelAsync();
    }

    private static long BytesOf(Message message) => MessageBytes + message.Body.Length;
}
