using System.Globalization;
using System.Net;
using Npgsql;
using Practice.Shared.Audit;
using Practice.Shared.Limits;
using Practice.Shared.Persistence;
using Wolverine;

namespace Practice.Host;

/// <summary>
/// The host's own settings, read before anything starts. Each module validates its settings when the host starts.
/// </summary>
internal sealed record HostSettings
{
    private const string ConnectionStringKey = "ConnectionStrings:Practice";
    private const string PickupKey = "Mail:PickupDirectory";
    private const string SmtpKey = "Mail:Smtp:Host";
    private const string PublicUrlKey = "PublicUrl";
    private const string PrivateWebhooksKey = "Webhooks:AllowPrivateNetworks";
    private const string MetricsUrlKey = "Metrics:Url";
    private const string SecurityContactKey = "Security:Contact";

    /// <summary>Connects as the owner of the database; null if the host runs the embedded database.</summary>
    public required string? ConnectionString { get; init; }

    /// <summary>The folder of the embedded database, and of mails that are not sent.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The folder that mails are written to; null if a mail server sends them.</summary>
    public required string? PickupDirectory { get; init; }

    /// <summary>The URL that people open the product with. Links in mails start with it.</summary>
    public required string PublicUrl { get; init; }

    public required DurabilityMode Messaging { get; init; }

    /// <summary>The maximum per address; 0 for no limit.</summary>
    public required int RequestsPerMinute { get; init; }

    /// <summary>The maximum per API client.</summary>
    public required int ClientRequestsPerMinute { get; init; }

    /// <summary>How the names of the database's roles begin; null for what follows from the database's name.</summary>
    public string? RolePrefix { get; init; }

    /// <summary>The owner's password before it was changed, for the command <c>migrate</c>.</summary>
    public string? FormerPassword { get; init; }

    /// <summary>To how many people a practice may write a day in its first week.</summary>
    public required int NewPeopleADay { get; init; }

    /// <summary>To how many people a practice may write a day.</summary>
    public required int PeopleADay { get; init; }

    /// <summary>The reverse proxies whose X-Forwarded headers are trusted.</summary>
    public required IReadOnlyList<IPNetwork> TrustedProxies { get; init; }

    /// <summary>Where Prometheus reads the metrics; null for nowhere.</summary>
    public required string? MetricsUrl { get; init; }

    /// <summary>How long a browser session may be idle before it is signed out.</summary>
    public required TimeSpan IdleLimit { get; init; }

    /// <summary>Whom to tell about a vulnerability of this host; null for no security.txt.</summary>
    public string? SecurityContact { get; init; }

    /// <summary>How many backups the command <c>backup</c> leaves in a folder.</summary>
    public required int KeptBackups { get; init; }

    public required bool SeedDemo { get; init; }

    /// <summary>What a deployment must set, or unset, though it has a default on a developer's machine.</summary>
    public required SettingException? MissingInProduction { get; init; }

    public bool Embedded => ConnectionString is null;

    public static HostSettings Read(IConfiguration configuration)
    {
        var embedded = string.IsNullOrWhiteSpace(configuration.GetConnectionString("Practice"));
        var data = BaseDirectory.Resolve(GetText(configuration, "Data:Directory") ?? ".data");
        var smtp = GetText(configuration, SmtpKey);
        var pickup = smtp is not null
            ? null
            : BaseDirectory.Resolve(GetText(configuration, PickupKey) ?? Path.Combine(data, "mail"));
        var seed = Read(configuration, "Demo:Seed", embedded && pickup is not null, bool.TryParse, "true or false");
        if (seed && pickup is null)
            throw new SettingException(
                "Demo:Seed",
                $"needs {PickupKey} instead of {SmtpKey}: demo accounts have no real mailbox."
            );

        if (GetText(configuration, AuditHashChain.KeySetting) is { } key && !AuditHashChain.IsKey(key))
            throw new SettingException(
                AuditHashChain.KeySetting,
                "must be at least 32 random bytes as base64. `openssl rand -base64 32` prints such a key."
            );

        return new HostSettings
        {
            ConnectionString = embedded ? null : ReadConnectionString(configuration),
            DataDirectory = data,
            RolePrefix = ReadRolePrefix(configuration),
            FormerPassword = GetText(configuration, PracticeDatabase.FormerPasswordSetting),
            PickupDirectory = pickup,
            PublicUrl = GetText(configuration, PublicUrlKey) ?? ListeningUrls.FirstOf(configuration),
            Messaging = Read<DurabilityMode>(
                configuration,
                "Messaging:Mode",
                DurabilityMode.Solo,
                TryParseMode,
                "Solo (one host) or Balanced (several)"
            ),
            RequestsPerMinute = Read<int>(
                configuration,
                "RateLimits:PerMinute",
                300,
                TryParseCount,
                "a whole number; 0 turns every rate limit off"
            ),
            ClientRequestsPerMinute = Read<int>(
                configuration,
                "RateLimits:ClientPerMinute",
                600,
                TryParseCountFromOne,
                "a whole number from 1"
            ),
            NewPeopleADay = ReadCount(PeopleLimit.NewPracticeSetting, PeopleLimit.DefaultOfNewPractice),
            PeopleADay = ReadCount(PeopleLimit.Setting, PeopleLimit.Default),
            IdleLimit = Read(
                configuration,
                SessionIdleLimit.Setting,
                SessionIdleLimit.Default,
                TryParseIdle,
                "a time from 00:01:00 to 12:00:00"
            ),
            TrustedProxies = ForwardedHeadersSetup.ReadProxies(configuration),
            MetricsUrl = ReadMetricsUrl(configuration),
            SecurityContact = ReadSecurityContact(configuration),
            KeptBackups = Read<int>(
                configuration,
                "Backup:Keep",
                int.MaxValue,
                TryParseCountFromOne,
                "a whole number from 1"
            ),
            SeedDemo = seed,
            MissingInProduction = FindMissingInProduction(configuration),
        };

        int ReadCount(string key, int otherwise) =>
            Read<int>(configuration, key, otherwise, TryParseCount, "a whole number");
    }

    private static SettingException? FindMissingInProduction(IConfiguration configuration) =>
        GetText(configuration, SmtpKey) is null && GetText(configuration, PickupKey) is null
            ? new(SmtpKey, $"is missing: set it, or {PickupKey}, so that mails are delivered.")
        : GetText(configuration, PublicUrlKey) is null
            ? new(PublicUrlKey, "is missing: links in mails start with it. An example is https://practice.example.")
        : configuration.GetValue<bool>(PrivateWebhooksKey)
            ? new(PrivateWebhooksKey, "is for tests: with it owners of practices reach what is inside your network.")
        : null;

    /// <summary>Writes the resolved values back for the modules, which read the same keys.</summary>
    public void WriteTo(IConfiguration configuration)
    {
        configuration[PickupKey] = PickupDirectory;
        configuration[PublicUrlKey] = PublicUrl;
        configuration["RateLimits:PerMinute"] = RequestsPerMinute.ToString(CultureInfo.InvariantCulture);
        configuration[PeopleLimit.NewPracticeSetting] = NewPeopleADay.ToString(CultureInfo.InvariantCulture);
        configuration[PeopleLimit.Setting] = PeopleADay.ToString(CultureInfo.InvariantCulture);
    }

    private static string? ReadMetricsUrl(IConfiguration configuration)
    {
        if (GetText(configuration, MetricsUrlKey) is not { } url)
            return null;
        // As in ASPNETCORE_URLS, + and * are all addresses of the machine.
        var readable = url.Replace("://+", "://0.0.0.0", StringComparison.Ordinal)
            .Replace("://*", "://0.0.0.0", StringComparison.Ordinal);
        return
            Uri.TryCreate(readable, UriKind.Absolute, out var parsed)
            && parsed is { Scheme: "http", AbsolutePath: "/", Query: "" }
            ? url.TrimEnd('/')
            : throw new SettingException(
                MetricsUrlKey,
                $"is '{url}': it must be an address to listen on, such as http://localhost:9464."
            );
    }

    private static string? ReadSecurityContact(IConfiguration configuration) =>
        GetText(configuration, SecurityContactKey) is not { } contact ? null
        : Uri.TryCreate(contact, UriKind.Absolute, out var url) && url.Scheme is "mailto" or "https" or "tel" ? contact
        : throw new SettingException(
            SecurityContactKey,
            $"is '{contact}': it must be an address with mailto:, https: or tel:, such as "
                + "mailto:security@practice.example."
        );

    private static string? ReadRolePrefix(IConfiguration configuration) =>
        GetText(configuration, PracticeDatabase.RolePrefixSetting) is not { } prefix ? null
        : PracticeDatabase.IsRolePrefix(prefix) ? prefix
        : throw new SettingException(
            PracticeDatabase.RolePrefixSetting,
            "must begin with a letter and hold lower-case letters, digits and underscores, at most 40."
        );

    private static string ReadConnectionString(IConfiguration configuration)
    {
        NpgsqlConnectionStringBuilder database;
        try
        {
            database = new(configuration.GetConnectionString("Practice"));
        }
        catch (ArgumentException invalid) // its message contains the keyword but no value
        {
            throw new SettingException(
                ConnectionStringKey,
                $"is not a PostgreSQL connection string: {invalid.Message}"
            );
        }

        if (string.IsNullOrEmpty(database.Password))
            throw new SettingException(
                ConnectionStringKey,
                "has no Password: the passwords of the modules' roles are derived from it."
            );
        if (database.MaxPoolSize < PracticeDatabase.SmallestPool)
            throw new SettingException(
                ConnectionStringKey,
                $"has a Maximum Pool Size of {database.MaxPoolSize}: "
                    + $"it must be at least {PracticeDatabase.SmallestPool}."
            );
        try
        {
            using var pools = NpgsqlDataSource.Create(database);
        }
        // Between two options.
        catch (Exception contradiction)
            when (contradiction is ArgumentException or InvalidOperationException or NotSupportedException)
        {
            throw new SettingException(ConnectionStringKey, $"cannot be used: {contradiction.Message}");
        }

        return database.ConnectionString;
    }

    private delegate bool TryParse<T>(string text, out T value);

    private static T Read<T>(
        IConfiguration configuration,
        string key,
        T byDefault,
        TryParse<T> parse,
        string allowed
    ) =>
        GetText(configuration, key) is not { } text ? byDefault
        : parse(text, out var value) ? value
        : throw new SettingException(key, $"is '{text}': it must be {allowed}.");

    private static bool TryParseCount(string text, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count);

    private static bool TryParseCountFromOne(string text, out int count) => TryParseCount(text, out count) && count > 0;

    private static bool TryParseIdle(string text, out TimeSpan limit) =>
        TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out limit)
        && limit >= TimeSpan.FromMinutes(1)
        && limit <= TimeSpan.FromHours(12);

    /// <summary>Only these two of Wolverine's modes store messages.</summary>
    private static bool TryParseMode(string text, out DurabilityMode mode) =>
        Enum.TryParse(text, ignoreCase: true, out mode)
        && mode is DurabilityMode.Solo or DurabilityMode.Balanced
        && !char.IsDigit(text[0]);

    private static string? GetText(IConfiguration configuration, string key) =>
        configuration[key] is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;
}
