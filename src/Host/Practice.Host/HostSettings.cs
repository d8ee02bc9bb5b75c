using System.Globalization;
using System.Net;
using Npgsql;
using Practice.Shared.Audit;
using Practice.Web.Sessions;
using Wolverine;

namespace Practice.Host;

/// <summary>
/// The settings that are the host's own, read before anything is started; each module validates its own as the host starts.
/// </summary>
internal sealed record HostSettings
{
    private const string ConnectionStringKey = "ConnectionStrings:Practice";
    private const string PickupKey = "Mail:PickupDirectory";
    private const string SmtpKey = "Mail:Smtp:Host";
    private const string PublicUrlKey = "PublicUrl";

    /// <summary>The database's owner; null where the host runs a database of its own.</summary>
    public required string? ConnectionString { get; init; }

    /// <summary>The folder of the embedded database, and of mails where they are not sent.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Where mails are put in place of being sent; null where a mail server is set.</summary>
    public required string? PickupDirectory { get; init; }

    /// <summary>Where people reach the product; the links in mails begin with it.</summary>
    public required string PublicUrl { get; init; }

    public required DurabilityMode Messaging { get; init; }

    /// <summary>Calls a minute from one address; 0 for no limit.</summary>
    public required int RequestsPerMinute { get; init; }

    /// <summary>The reverse proxies whose word on the caller's address is taken.</summary>
    public required IReadOnlyList<IPNetwork> TrustedProxies { get; init; }

    /// <summary>How long a browser may be left alone before it is signed out.</summary>
    public required TimeSpan IdleLimit { get; init; }

    public required bool SeedDemo { get; init; }

    public bool Embedded => ConnectionString is null;

    public static HostSettings Read(IConfiguration configuration)
    {
        var embedded = string.IsNullOrWhiteSpace(configuration.GetConnectionString("Practice"));
        var data = Home.Resolve(Text(configuration, "Data:Directory") ?? ".data");
        var smtp = Text(configuration, SmtpKey);
        var pickup = smtp is not null
            ? null
            : Home.Resolve(Text(configuration, PickupKey) ?? Path.Combine(data, "mail"));
        var seed = Read(configuration, "Demo:Seed", embedded && pickup is not null, bool.TryParse, "true or false");
        if (seed && pickup is null)
            throw new SettingException(
                "Demo:Seed",
                $"needs {PickupKey} in place of {SmtpKey}: demo people have no real mailbox."
            );

        if (Text(configuration, AuditHashChain.KeySetting) is { } key && !AuditHashChain.IsKey(key))
            throw new SettingException(
                AuditHashChain.KeySetting,
                "must be at least 32 random bytes as base64, such as `openssl rand -base64 32` prints."
            );

        return new HostSettings
        {
            ConnectionString = embedded ? null : ReadConnectionString(configuration),
            DataDirectory = data,
            PickupDirectory = pickup,
            PublicUrl = Text(configuration, PublicUrlKey) ?? ListeningUrls.FirstOf(configuration),
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
            IdleLimit = Read(
                configuration,
                "Web:IdleLimit",
                SessionLimits.DefaultIdle,
                TryParseIdle,
                "a time from 00:01:00 to 12:00:00"
            ),
            TrustedProxies = ForwardedCalls.ReadProxies(configuration),
            SeedDemo = seed,
        };
    }

    /// <summary>What a deployment must say for itself, where a developer's machine has defaults.</summary>
    public static void RefuseUnfitForProduction(IConfiguration configuration)
    {
        if (Text(configuration, SmtpKey) is null && Text(configuration, PickupKey) is null)
            throw new SettingException(SmtpKey, $"is missing: set it, or {PickupKey}, so that mails reach people.");
        if (Text(configuration, PublicUrlKey) is null)
            throw new SettingException(
                PublicUrlKey,
                "is missing: the links in mails begin with it, such as https://practice.example."
            );
    }

    /// <summary>Hands the values worked out here on to the modules, which read the same keys.</summary>
    public void WriteTo(IConfiguration configuration)
    {
        configuration[PickupKey] = PickupDirectory;
        configuration[PublicUrlKey] = PublicUrl;
        configuration["RateLimits:PerMinute"] = RequestsPerMinute.ToString(CultureInfo.InvariantCulture);
    }

    private static string ReadConnectionString(IConfiguration configuration)
    {
        NpgsqlConnectionStringBuilder database;
        try
        {
            database = new(configuration.GetConnectionString("Practice"));
        }
        catch (ArgumentException wrong) // its text names the keyword, never a value
        {
            throw new SettingException(ConnectionStringKey, $"is not a PostgreSQL connection string: {wrong.Message}");
        }

        if (string.IsNullOrEmpty(database.Password))
            throw new SettingException(
                ConnectionStringKey,
                "carries no Password: the passwords of the modules' own roles are derived from it."
            );
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
        Text(configuration, key) is not { } text ? byDefault
        : parse(text, out var value) ? value
        : throw new SettingException(key, $"is '{text}': it must be {allowed}.");

    private static bool TryParseCount(string text, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count);

    private static bool TryParseIdle(string text, out TimeSpan limit) =>
        TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out limit)
        && limit >= TimeSpan.FromMinutes(1)
        && limit <= TimeSpan.FromHours(12);

    /// <summary>Wolverine knows more modes; these two are the ones that keep messages.</summary>
    private static bool TryParseMode(string text, out DurabilityMode mode) =>
        Enum.TryParse(text, ignoreCase: true, out mode)
        && mode is DurabilityMode.Solo or DurabilityMode.Balanced
        && !char.IsDigit(text[0]);

    private static string? Text(IConfiguration configuration, string key) =>
        configuration[key] is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;
}

/// <summary>A setting that the host can't start with, in one line that begins with its key.</summary>
internal sealed class SettingException(string key, string sentence) : Exception($"{key} {sentence}");
