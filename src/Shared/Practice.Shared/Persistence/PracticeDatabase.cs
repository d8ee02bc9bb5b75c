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
    /// <summary>The role that Wolverine itself logs in as.</summary>
    public const string MessagingSchema = "messaging";

    /// <summary>Connections of one role: all pools of one host together stay below a PostgreSQL server's default of 100.</summary>
    private const int PoolSize = 18;

    /// <summary>The role that seals the audit logs in as.</summary>
    public const string AuditSchema = "audit";

    /// <summary>The role that the browser front end keeps its sessions as.</summary>
    public const string WebSchema = "web";

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
    /// The password of a module's role, derived from the owner's: every node knows it without being told, none is
    /// stored, and a new owner password gives new ones at the next migration.
    /// </summary>
    public string PasswordOf(string schema) => Convert.ToHexStringLower(SecretFor(RoleOf(schema)));

    /// <summary>A key for one purpose, derived as the passwords are.</summary>
    public byte[] SecretFor(string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _secret, 32, info: Encoding.UTF8.GetBytes(purpose));

    /// <summary>As the owner's connection string, for a module's role; pool and time limits are ours where it names none.</summary>
    public string ConnectionStringOf(string schema)
    {
        var builder = new NpgsqlConnectionStringBuilder(OwnerConnectionString)
        {
            Username = RoleOf(schema),
            Password = PasswordOf(schema),
            ApplicationName = RoleOf(schema),
            MaxAutoPrepare = 100,
            Timezone = "UTC",
            // Safe for modules because what tells tenants apart is only ever set for one transaction (docs/adr/0006-authorization.md).
            // Wolverine takes session-level locks, which a reset releases.
            NoResetOnClose = schema != MessagingSchema,
        };
        var named = new NpgsqlConnectionStringBuilder(OwnerConnectionString)
            .Keys.Cast<string>()
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (!named.Contains("Timeout"))
            builder.Timeout = 5;
        if (!named.Contains("Command Timeout"))
            builder.CommandTimeout = 10; // a database that hangs must not hold its callers for long: they are answered 503
        if (!named.Contains("Maximum Pool Size"))
            builder.MaxPoolSize = schema switch
            {
                AuditSchema => 2,
                WebSchema => 8,
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
