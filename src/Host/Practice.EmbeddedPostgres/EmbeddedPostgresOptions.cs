namespace Practice.EmbeddedPostgres;

/// <summary>How to run an embedded server.</summary>
public sealed record EmbeddedPostgresOptions
{
    /// <summary>
    /// The application's data folder (<c>.data</c>). It holds the cluster, or a file that says where the cluster is.
    /// </summary>
    public required string DataDirectory { get; init; }

    /// <summary>The database that the connection string names. It is created if it does not exist.</summary>
    public string Database { get; init; } = "practice";

    /// <summary>
    /// False only for clusters that tests throw away: they can lose or corrupt data when the machine crashes.
    /// </summary>
    public bool Durable { get; init; } = true;

    /// <summary>
    /// If another process runs a server on this cluster, use that one. For commands beside a running host; a second
    /// host would lose its database when the first one stops.
    /// </summary>
    public bool Join { get; init; }

    /// <summary>The maximum number of connections at the same time.</summary>
    public int MaxConnections { get; init; } = 100;

    /// <summary>Where to download server binaries if the machine has none; null for Maven Central.</summary>
    public string? MavenRepo { get; init; }

    /// <summary>For tests of the download on a machine that has PostgreSQL installed.</summary>
    internal bool IgnoreInstalledBinaries { get; init; }
}
