namespace Practice.EmbeddedPostgres;

/// <summary>The embedded server cannot run. The message is one line that says why and what to do; print it without the stack trace.</summary>
public sealed class EmbeddedPostgresException : Exception
{
    public EmbeddedPostgresException(string message, Exception? inner = null)
        : base(message.ReplaceLineEndings(" ").Trim(), inner) { }

    internal static EmbeddedPostgresException DiskFull(string folder, Exception? inner = null) =>
        new($"The disk that holds {folder} is full: free some space and start again.", inner);

    /// <summary>What a program of PostgreSQL complained of, in its own words.</summary>
    internal static EmbeddedPostgresException FromOutput(string complaint, string folder, string output)
    {
        if (output.Contains("No space left on device", StringComparison.Ordinal))
            return DiskFull(folder);

        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string[] marks = ["FATAL:", "PANIC:", "error:"];
        var reason = lines.LastOrDefault(line => marks.Any(mark => line.Contains(mark, StringComparison.Ordinal)))
            ?? lines.LastOrDefault();
        return new($"{complaint}: {reason ?? "it gave no reason"}");
    }
}
