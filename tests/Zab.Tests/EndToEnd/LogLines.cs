using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Zab.Tests.EndToEnd;

/// <summary>Keeps what is logged, and waits for lines.</summary>
internal sealed class LogLines : ILoggerFactory, ILogger
{
    private readonly Channel<(EventId Id, string Text)> _lines = Channel.CreateUnbounded<(EventId, string)>();

    /// <summary>Everything so far.</summary>
    public ConcurrentQueue<(LogLevel Level, EventId Id, string Text)> All { get; } = new();

    /// <summary>Waits for a line with all of these words.</summary>
    public async Task<string> LineAsync(params string[] words)
    {
        await foreach ((EventId _, string text) in _lines.Reader.ReadAllAsync(Hosting.Safety.Token))
        {
            if (words.All(word => text.Contains(word, StringComparison.Ordinal)))
            {
                return text;
            }
        }

        throw new InvalidOperationException("no more lines");
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        string text = formatter(state, exception);
        All.Enqueue((logLevel, eventId, text));
        _ = _lines.Writer.TryWrite((eventId, text));
    }

    public void Dispose() => _ = _lines.Writer.TryComplete();
}
