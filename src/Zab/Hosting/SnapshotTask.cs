using System.Diagnostics.CodeAnalysis;
using Zab.Core;
using Zab.Core.Ports;

namespace Zab.Hosting;

/// <summary>Writes snapshots beside everything else, one at a time.</summary>
/// <remarks>The state is immutable, so it is written while the node goes on (R10). A failure is told and not final: the log
/// is still there.</remarks>
internal sealed class SnapshotTask(LogThread log, FactQueue facts) : IDisposable
{
    private const int ChunkBytesMax = 256 * 1024;

    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Ends when no snapshot is being written.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>Begins to write a snapshot. The one before has ended.</summary>
    public void Start(SnapshotJob job)
    {
        TaskCompletionSource<ISnapshotWriter> writer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!log.TryAdd(new LogWork.BeginSnapshot(job.Position, writer)))
        {
            writer.SetException(new IOException("the log thread has no room for more work"));
        }

        Ended = Task.Run(() => RunAsync(job, writer));
    }

    /// <summary>Gives up the snapshot that is being written.</summary>
    public void Stop() => _stopping.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    [SuppressMessage("Design", "CA1031", Justification = "A failure is a fact for the loop, which logs it and goes on.")]
    private async Task RunAsync(SnapshotJob job, TaskCompletionSource<ISnapshotWriter> begun)
    {
        Exception? failure = null;
        try
        {
            await WriteAsync(job, begun).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return; // The node stops: nobody is left to tell.
        }
        catch (Exception e)
        {
            failure = e;
        }

        try
        {
            Fact ended = new Fact.SnapshotEnded(job.Position, failure);
            await facts.PostAsync(ended, _stopping.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or System.Threading.Channels.ChannelClosedException)
        {
            // Likewise.
        }
    }

    private async Task WriteAsync(SnapshotJob job, TaskCompletionSource<ISnapshotWriter> begun)
    {
        CancellationToken stopping = _stopping.Token;
        await using (stopping.UnsafeRegister(static state =>
            ((TaskCompletionSource<ISnapshotWriter>)state!).TrySetCanceled(), begun).ConfigureAwait(false))
        {
            using ISnapshotWriter writer = await begun.Task.ConfigureAwait(false);
            foreach (ReadOnlyMemory<byte> chunk in job.State.ToChunks(ChunkBytesMax))
            {
                stopping.ThrowIfCancellationRequested();
                writer.Write(chunk.Span);
            }

            writer.Publish();
        }
    }
}
