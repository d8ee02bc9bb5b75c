using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Practice.Shared.Persistence;

/// <summary>The address leads to a standby, which takes no writes.</summary>
public sealed class StandbyException() : NpgsqlException("The server is a standby and takes no writes.");

/// <summary>A server that still says that it takes writes, though another has been promoted in its place.</summary>
internal sealed class FormerPrimaryException() : NpgsqlException(Advice)
{
    public const string Advice =
        "A database server takes writes, though another was promoted in its place: stop it. If this is after a restore "
        + "to an earlier moment, restart the hosts.";
}

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
    /// Connections of one role. All pools of one host together (94) fit into the default of a PostgreSQL server, which
    /// lets in 97 who are no superusers. Two hosts need more (<c>docs/scaling.md</c>).
    /// </summary>
    private const int PoolSize = 14;

    /// <summary>A setup has three at once, and Wolverine keeps one for itself.</summary>
    public const int SmallestPool = 4;

    private const int AuditPoolSize = 2;

    private const int WebPoolSize = 8;

    /// <summary>How the roles of earlier releases begin, whatever their database is called.</summary>
    public const string EarlierRolePrefix = "practice";

    /// <summary>The setting that names another beginning of the roles' names.</summary>
    public const string RolePrefixSetting = "Database:RolePrefix";

    /// <summary>The setting with the owner's password from before its change, for one <c>migrate</c>.</summary>
    public const string FormerPasswordSetting = "Database:FormerPassword";

    private const int MaxPrefixLength = 40;

    private const long WarnEvery = 60_000; // ms

    private const string IsStandbySql = "select pg_is_in_recovery()";

    /// <summary>Of several servers, also which cluster it is and its timeline; each promotion begins another.</summary>
    private const string IsStandbyOrFormerSql = """
        select r.is_standby, c.system_identifier, case when not r.is_standby
            then ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int end
        from (select pg_is_in_recovery() as is_standby) r cross join pg_control_system() c
        """;

    private readonly Dictionary<string, NpgsqlDataSource> _sources = [];
    private readonly Dictionary<long, int> _timelines = [];
    private volatile bool _asksTimeline;
    private long _warnedAt = -WarnEvery;
    private readonly Lock _lock = new();
    private readonly byte[] _secret;
    private readonly byte[]? _formerSecret;
    private readonly string _rolePrefix;

    /// <param name="rolePrefix">
    /// How the names of the roles begin. Roles belong to the whole server: with the database's name in it, as it is by
    /// default, two deployments on one server do not share them.
    /// </param>
    /// <param name="formerPassword">
    /// The owner's password before it was changed: what is encrypted stays readable.
    /// </param>
    public PracticeDatabase(string ownerConnectionString, string? rolePrefix = null, string? formerPassword = null)
    {
        var owner = new NpgsqlConnectionStringBuilder(ownerConnectionString);
        OwnerConnectionString = WithDefaults(ownerConnectionString);
        _asksTimeline = HasSeveralServers(owner);
        _secret = Encoding.UTF8.GetBytes(owner.Password ?? "");
        _formerSecret = formerPassword is null ? null : Encoding.UTF8.GetBytes(formerPassword);
        _rolePrefix = rolePrefix ?? PrefixFor(owner.Database ?? owner.Username ?? "");
    }

    public string OwnerConnectionString { get; }

    /// <summary>Told once a minute while a former primary takes writes: Npgsql goes on to the next server.</summary>
    public Action<string>? Warn { get; set; }

    public string RoleOf(string schema) => $"{_rolePrefix}_{schema}";

    public static string EarlierRoleOf(string schema) => $"{EarlierRolePrefix}_{schema}";

    /// <summary>Whether the roles still have the names that earlier releases gave them.</summary>
    public bool HasEarlierRoles => _rolePrefix == EarlierRolePrefix;

    /// <summary>Whether names that begin like this need no quotes and leave room for the rest.</summary>
    public static bool IsRolePrefix(string text) =>
        text.Length is > 0 and <= MaxPrefixLength && text.All(IsPlain) && char.IsAsciiLetter(text[0]);

    /// <summary>A name that is too long, or needs quotes, is told apart by a hash.</summary>
    private static string PrefixFor(string database) =>
        $"practice_{database}" is var prefix && IsRolePrefix(prefix)
            ? prefix
            : $"practice_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(database)))[..16]}";

    private static bool IsPlain(char character) =>
        char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '_';

    /// <summary>
    /// The password of a module's role, derived from the owner's. Every node can compute it, none is stored, and a new
    /// owner password gives new ones at the next migration.
    /// </summary>
    public string PasswordOf(string schema) => Convert.ToHexStringLower(SecretFor(RoleOf(schema)));

    /// <summary>A key for one purpose, derived as the passwords are.</summary>
    public byte[] SecretFor(string purpose) => Derive(_secret, purpose);

    /// <summary>That key as it was under the owner's former password; null where none is given.</summary>
    public byte[]? FormerSecretFor(string purpose) => _formerSecret is null ? null : Derive(_formerSecret, purpose);

    private static byte[] Derive(byte[] secret, string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, info: Encoding.UTF8.GetBytes(purpose));

    /// <summary>
    /// As the owner's connection string, for a module's role. Pool and time limits are ours where it names none. A
    /// server that hangs holds a command for the command's limit and twice the connection's: Npgsql tries to cancel it.
    /// </summary>
    public string ConnectionStringOf(string schema)
    {
        var builder = new NpgsqlConnectionStringBuilder(OwnerConnectionString)
        {
            Username = RoleOf(schema),
            Password = PasswordOf(schema),
            ApplicationName = RoleOf(schema),
            Timezone = "UTC",
            // Safe for modules: the settings that separate tenants last for one transaction only (docs/adr/0006).
            // Wolverine takes session-level locks, which a reset releases.
            NoResetOnClose = schema != MessagingSchema,
        };
        var named = new NpgsqlConnectionStringBuilder(OwnerConnectionString)
            .Keys.Cast<string>()
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (!named.Contains("Timeout"))
            builder.Timeout = 2;
        if (!named.Contains("Command Timeout"))
            builder.CommandTimeout = 2;
        if (!named.Contains("Max Auto Prepare"))
            builder.MaxAutoPrepare = 100;
        if (!named.Contains("Maximum Pool Size"))
            builder.MaxPoolSize = schema switch
            {
                AuditSchema => AuditPoolSize,
                WebSchema => WebPoolSize,
                _ => PoolSize,
            };
        builder.MinPoolSize = Math.Min(builder.MinPoolSize, builder.MaxPoolSize);
        return builder.ConnectionString;
    }

    /// <summary>
    /// With several servers, the one that takes writes: an earlier primary may be back, and read-only. Whether that is
    /// another one now is asked every second. No Kerberos: logins have passwords, and Npgsql would look for its
    /// library, which our image does not have.
    /// </summary>
    private static string WithDefaults(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        var named = builder.Keys.Cast<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (!named.Contains("GSS Encryption Mode"))
            builder.GssEncryptionMode = GssEncryptionMode.Disable;
        if (!HasSeveralServers(builder))
            return builder.ConnectionString;
        if (!named.Contains("Target Session Attributes"))
            builder.TargetSessionAttributes = "read-write";
        if (!named.Contains("Host Recheck Seconds"))
            builder.HostRecheckSeconds = 1;
        return builder.ConnectionString;
    }

    private static bool HasSeveralServers(NpgsqlConnectionStringBuilder builder) =>
        builder.Host?.Contains(',', StringComparison.Ordinal) == true;

    /// <summary>The pool of a module's role.</summary>
    public NpgsqlDataSource For(string schema)
    {
        lock (_lock)
        {
            if (!_sources.TryGetValue(schema, out var source))
                _sources[schema] = source = new NpgsqlDataSourceBuilder(ConnectionStringOf(schema))
                {
                    Name = schema, // of the pool, in metrics
                }
                    .UsePhysicalConnectionInitializer(RefuseStandby, RefuseStandbyAsync)
                    .Build();
            return source;
        }
    }

    /// <summary>
    /// One address may lead to a standby for a moment, while a fail-over goes on. A connection to it would stay in its
    /// pool, and take no writes, long after the address leads to the primary.
    /// </summary>
    private async Task RefuseStandbyAsync(NpgsqlConnection connection)
    {
        try
        {
            await using var ask = new NpgsqlCommand(StateSql, connection);
            await using var state = await ask.ExecuteReaderAsync();
            await state.ReadAsync();
            RefuseStandby(state);
        }
        catch (PostgresException refused) when (HasNoTimeline(refused))
        {
            _asksTimeline = false;
            await RefuseStandbyAsync(connection);
        }
    }

    private void RefuseStandby(NpgsqlConnection connection)
    {
        try
        {
            using var ask = new NpgsqlCommand(StateSql, connection);
            using var state = ask.ExecuteReader();
            state.Read();
            RefuseStandby(state);
        }
        catch (PostgresException refused) when (HasNoTimeline(refused))
        {
            _asksTimeline = false;
            RefuseStandby(connection);
        }
    }

    private string StateSql => _asksTimeline ? IsStandbyOrFormerSql : IsStandbySql;

    /// <summary>A service that is no PostgreSQL inside, or an operator who has taken the right to ask.</summary>
    private bool HasNoTimeline(PostgresException refused) =>
        _asksTimeline
        && refused.SqlState
            is PostgresErrorCodes.InsufficientPrivilege
                or PostgresErrorCodes.FeatureNotSupported
                or PostgresErrorCodes.UndefinedFunction;

    /// <summary>
    /// A primary that hung while another took its place may go on, and says that it takes writes: nobody has told it.
    /// What has met the new one goes back to it no more, with none of its connections.
    /// </summary>
    private void RefuseStandby(NpgsqlDataReader state)
    {
        if (state.GetBoolean(0))
            throw new StandbyException();
        if (state.FieldCount == 1)
            return;
        var (cluster, timeline) = (state.GetInt64(1), state.GetInt32(2));
        lock (_lock)
        {
            var known = _timelines.TryGetValue(cluster, out var newest);
            if (known && timeline < newest)
            {
                if (Environment.TickCount64 - _warnedAt >= WarnEvery)
                {
                    _warnedAt = Environment.TickCount64;
                    Warn?.Invoke(FormerPrimaryException.Advice);
                }

                throw new FormerPrimaryException();
            }

            _timelines[cluster] = timeline;
            if (!known || timeline == newest)
                return;
            foreach (var source in _sources.Values)
                source.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var source in _sources.Values)
            await source.DisposeAsync();
    }
}
