using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Practice.Shared.Persistence;

/// <summary>
/// The one database, and the login of each part of it. The connection string given is the owner's, which migrates and
/// nothing else; each module connects as a role of its own that can touch only its own schema.
/// </summary>
public sealed class PracticeDatabase : IAsyncDisposable
{
    /// <summary>The schema of Wolverine's tables.</summary>
    public const string MessagingSchema = "messaging";

    /// <summary>The schema of the audit.</summary>
    public const string AuditSchema = "audit";

    /// <summary>The schema of the front end's sessions and keys.</summary>
    public const string WebSchema = "web";

    /// <summary>
    /// Connections of one role. All pools of one host together (90) fit into a PostgreSQL server's default of 100, of
    /// which it reserves some for superusers.
    /// </summary>
    private const int PoolSize = 16;

    private const int AuditPoolSize = 2;

    private const int WebPoolSize = 8;

    private readonly Dictionary<string, NpgsqlDataSource> _sources = [];
    private readonly Lock _lock = new();
    private readonly byte[] _secret;

    public PracticeDatabase(string ownerConnectionString)
    {
        OwnerConnectionString = ownerConnectionString;
        _secret = Encoding.UTF8.GetBytes(new NpgsqlConnectionStringBuilder(ownerConnectionString).Password ?? "");
    }

    public string OwnerConnectionString { get; }

    public static string RoleOf(string schema) => $"practice_{schema}";

    /// <summary>
    /// The password of a module's role, derived from the owner's. Every node can compute it, none is stored, and a new
    /// owner password gives new ones at the next migration.
    /// </summary>
    public string PasswordOf(string schema) => Convert.ToHexStringLower(SecretFor(RoleOf(schema)));

    /// <summary>A key for one purpose, derived as the passwords are.</summary>
    public byte[] SecretFor(string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _secret, 32, info: Encoding.UTF8.GetBytes(purpose));

    /// <summary>
    /// As the owner's connection string, for a module's role; pool and time limits are ours where it names none.
    /// </summary>
    public string ConnectionStringOf(string schema)
    {
        var builder = new NpgsqlConnectionStringBuilder(OwnerConnectionString)
        {
            Username = RoleOf(schema),
            Password = PasswordOf(schema),
            ApplicationName = RoleOf(schema),
            MaxAutoPrepare = 100,
            Timezone = "UTC",
            // Safe for modules: the settings that separate tenants last for one transaction only (docs/adr/0006).
            // Wolverine takes session-level locks, which a reset releases.
            NoResetOnClose = schema != MessagingSchema,
        };
        var named = new NpgsqlConnectionStringBuilder(OwnerConnectionString)
            .Keys.Cast<string>()
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (!named.Contains("Timeout"))
            builder.Timeout = 5;
        if (!named.Contains("Command Timeout"))
            builder.CommandTimeout = 10; // a hanging database must not hold callers for long: they get 503
        if (!named.Contains("Maximum Pool Size"))
            builder.MaxPoolSize = schema switch
            {
                AuditSchema => AuditPoolSize,
                WebSchema => WebPoolSize,
                _ => PoolSize,
            };
        return builder.ConnectionString;
    }

    /// <summary>The pool of a module's role.</summary>
    public NpgsqlDataSource For(string schema)
    {
        lock (_lock)
        {
            if (!_sources.TryGetValue(schema, out var source))
                _sources[schema] = source = NpgsqlDataSource.Create(ConnectionStringOf(schema));
            return source;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var source in _sources.Values)
            await source.DisposeAsync();
    }
}
