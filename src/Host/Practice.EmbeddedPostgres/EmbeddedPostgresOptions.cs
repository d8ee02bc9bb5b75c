namespace Practice.EmbeddedPostgres;

/// <summary>What an embedded server is asked to be.</summary>
public sealed record EmbeddedPostgresOptions
{
    /// <summary>The folder that the application keeps its data in (<c>.data</c>). The cluster lies in it, or is recorded in it.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The database that is created when absent and that the connection string names.</summary>
    public string Database { get; init; } = "practice";

    /// <summary>False only for throw-away clusters of tests: a crash of the machine may then lose or break the data.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>How many connections the server takes at once.</summary>
    public int MaxConnections { get; init; } = 100;

    /// <summary>Where server binaries are downloaded from when the machine has none; Maven Central when null.</summary>
    public string? MavenRepo { get; init; }

    /// <summary>Tests of the download hide the machine's own binaries with this.</summary>
    internal bool IgnoreInstalledBinaries { get; init; }
}
