using System.IO.Pipelines;
using System.Text.Json;

namespace Zab.Server.Admin;

/// <summary>An answer in JSON, which leaves while it is made, so its size costs no memory.</summary>
/// <param name="output">Gets the text.</param>
/// <param name="aborted">Cancelled when nobody reads it any more.</param>
internal sealed class AdminAnswer(PipeWriter output, CancellationToken aborted) : IAsyncDisposable
{
    private const int PieceBytes = 16 * 1024;

    /// <summary>Writes it.</summary>
    public Utf8JsonWriter Json { get; } = new(output, new JsonWriterOptions { Indented = true });

    /// <summary>Cancelled when nobody reads the answer any more.</summary>
    public CancellationToken Aborted => aborted;

    /// <summary>Sends what has gathered, if it is much.</summary>
    public async ValueTask SendIfMuchAsync()
    {
        if (Json.BytesPending + output.UnflushedBytes >= PieceBytes)
        {
            await Json.FlushAsync(aborted).ConfigureAwait(false);
            _ = await output.FlushAsync(aborted).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Json.DisposeAsync();
}
