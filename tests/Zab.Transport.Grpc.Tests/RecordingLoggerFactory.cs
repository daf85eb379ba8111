using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Zab.Transport.Grpc.Tests;

/// <summary>Keeps what the transport logs.</summary>
internal sealed class RecordingLoggerFactory : ILoggerFactory
{
    private readonly ConcurrentQueue<Entry> _entries = new();

    public IReadOnlyList<Entry> Entries => [.. _entries];

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public ILogger CreateLogger(string categoryName) =>
        new Logger(_entries, categoryName.StartsWith("Zab", StringComparison.Ordinal));

    public void Dispose()
    {
    }

    internal sealed record Entry(LogLevel Level, EventId Id, string Text);

    private sealed class Logger(ConcurrentQueue<Entry> entries, bool enabled) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => enabled;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (enabled)
                entries.Enqueue(new Entry(logLevel, eventId, $"{formatter(state, exception)} {exception}"));
        }
    }
}
