using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Practice.Host;

/// <summary>Logs to the console: text for developers, JSON in production.</summary>
internal static class ConsoleLogging
{
    public static void AddConsoleFor(this ILoggingBuilder logging, IHostEnvironment environment)
    {
        logging.ClearProviders();
        if (!environment.IsProduction())
        {
            logging.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss "));
            return;
        }

        logging.AddJsonConsole(console =>
            (console.UseUtcTimestamp, console.TimestampFormat) = (true, "yyyy-MM-ddTHH:mm:ss.fffZ")
        );
        if (!ServiceManager.KeepsTheLog)
            return;
        logging.AddConsoleFormatter<JournalFormatter, ConsoleFormatterOptions>();
        logging.AddConsole(console => console.FormatterName = JournalFormatter.FormatterName);
    }

    /// <summary>The same JSON, with a priority that journald takes off.</summary>
    private sealed class JournalFormatter(IServiceProvider services) : ConsoleFormatter(FormatterName)
    {
        public const string FormatterName = "journal";

        private readonly Lazy<ConsoleFormatter> _json = new(() =>
            services.GetServices<ConsoleFormatter>().Single(one => one.Name == ConsoleFormatterNames.Json)
        );

        public override void Write<TState>(
            in LogEntry<TState> logEntry,
            IExternalScopeProvider? scopeProvider,
            TextWriter textWriter
        )
        {
            textWriter.Write(ServiceManager.Prefix(logEntry.LogLevel));
            _json.Value.Write(logEntry, scopeProvider, textWriter);
        }
    }
}
