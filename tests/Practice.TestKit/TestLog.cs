using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Practice.TestKit;

/// <summary>
/// What the host logged, as text: for failure messages, and for tests that look for what must not be in it.
/// </summary>
public sealed class TestLog : ILoggerProvider
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text, string? Trace)> _lines = new();

    public IEnumerable<string> Lines => _lines.Select(line => line.Text);

    public IEnumerable<string> Errors => _lines.Where(line => line.Level >= LogLevel.Error).Select(line => line.Text);

    public bool HasLine(string text, string traceId) =>
        _lines.Any(line => line.Trace == traceId && line.Text.Contains(text, StringComparison.Ordinal));

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose() { }

    private sealed class Logger(TestLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) =>
            log._lines.Enqueue(
                (
                    logLevel,
                    $"{logLevel} {category}: {formatter(state, exception)} {exception}",
                    (state as IReadOnlyList<KeyValuePair<string, object?>>)
                        ?.FirstOrDefault(value => value.Key == "TraceId")
                        .Value?.ToString()
                )
            );
    }
}
