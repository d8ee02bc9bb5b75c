namespace Practice.EmbeddedPostgres;

/// <summary>
/// The embedded server cannot run. The message is one line that says why and what to do. Show it without a stack trace.
/// </summary>
public sealed class EmbeddedPostgresException : Exception
{
    public EmbeddedPostgresException(string message, Exception? inner = null)
        : base(message.ReplaceLineEndings(" ").Trim(), inner) { }

    internal static EmbeddedPostgresException DiskFull(string folder, Exception? inner = null) =>
        new($"The disk that holds {folder} is full: free some space and start again.", inner);

    /// <summary>Takes the reason from what a PostgreSQL program printed.</summary>
    internal static EmbeddedPostgresException FromOutput(string failure, string folder, string output)
    {
        if (output.Contains("No space left on device", StringComparison.Ordinal))
            return DiskFull(folder);

        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string[] markers = ["FATAL:", "PANIC:", "error:"];
        var reason = lines.LastOrDefault(line => markers.Any(marker => line.Contains(marker, StringComparison.Ordinal)))
            ?? lines.LastOrDefault();
        return new($"{failure}: {reason ?? "it printed no reason"}");
    }
}
