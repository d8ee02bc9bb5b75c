namespace Practice.Host;

/// <summary>Logs to the console: text for developers, JSON in production.</summary>
internal static class ConsoleLogging
{
    public static void AddConsoleFor(this ILoggingBuilder logging, IHostEnvironment environment)
    {
        logging.ClearProviders();
        if (environment.IsProduction())
            logging.AddJsonConsole(console =>
                (console.UseUtcTimestamp, console.TimestampFormat) = (true, "yyyy-MM-ddTHH:mm:ss.fffZ")
            );
        else
            logging.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss "));
    }
}
