using System.Globalization;
using Npgsql;
using Practice.Shared.Hosting;
using Practice.Shared.Persistence;

namespace Practice.Host.Commands;

/// <summary><c>check</c>: whether what the product needs is there, a line each.</summary>
internal sealed class CheckCommand(
    WebApplication app,
    HostSettings settings,
    PracticeDatabase database,
    TextWriter console
)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Codes of authenticator apps are good for 30 seconds, and links and sessions end at a time.</summary>
    private static readonly TimeSpan MostClockDifference = TimeSpan.FromSeconds(5);

    private const long LeastFreeBytes = 1L << 30;

    /// <returns>The exit code of the process: 1 if anything is not right.</returns>
    public async Task<int> RunAsync()
    {
        (string, Func<CancellationToken, Task<string>>)[] own =
        [
            ("configuration", CheckConfiguration),
            ("database", CheckDatabaseAsync),
            ("migrations", CheckMigrationsAsync),
            ("logins", CheckLoginsAsync),
            ("encryption", CheckEncryptionAsync),
            ("row security", CheckRowSecurityAsync),
            ("clock", CheckClockAsync),
            ("disk", CheckDisk),
        ];
        var registered = app
            .Services.GetServices<IOperatorCheck>()
            .Select(check => (check.Name, (Func<CancellationToken, Task<string>>)check.RunAsync));
        var failed = 0;
        foreach (var (name, check) in own.Concat(registered))
        {
            using var limit = new CancellationTokenSource(Limit);
            try
            {
                await WriteAsync("ok", name, await check(limit.Token).WaitAsync(limit.Token));
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested)
            {
                failed++;
                await WriteAsync("FAILED", name, $"no answer within {Limit.TotalSeconds} seconds");
            }
            catch (Exception wrong) // whatever it is: the operator asked what is wrong
            {
                failed++;
                await WriteAsync("FAILED", name, StartupErrors.Describe(wrong) ?? wrong.Message);
            }
        }

        return failed == 0 ? 0 : 1;
    }

    private Task WriteAsync(string result, string name, string text) =>
        console.WriteLineAsync($"{result, -7} {name, -14} {text.ReplaceLineEndings(" ")}");

    private Task<string> CheckConfiguration(CancellationToken ct)
    {
        if (app.Environment.IsProduction() && !settings.Embedded)
            HostSettings.ValidateForProduction(app.Configuration);
        return Task.FromResult($"{app.Environment.EnvironmentName}, people open {settings.PublicUrl}");
    }

    private async Task<string> CheckDatabaseAsync(CancellationToken ct)
    {
        if (await PoolerCheck.SharesSessionsAsync(database.OwnerConnectionString, ct))
            throw new StartupException(PoolerCheck.Problem);
        return await ScalarAsync<string>(
            "select format('PostgreSQL %s, %s of it used', current_setting('server_version'), "
                + "pg_size_pretty(pg_database_size(current_database())))",
            ct
        );
    }

    private async Task<string> CheckMigrationsAsync(CancellationToken ct)
    {
        var pending = await PracticeHost.Setup(database).PendingAsync(ct);
        return pending.Count == 0
            ? "all applied"
            : throw new StartupException($"{pending.Count} are not applied: run the command `{CommandLine.Migrate}`");
    }

    private async Task<string> CheckLoginsAsync(CancellationToken ct)
    {
        var schemas = PracticeHost.Setup(database).AllLoginSchemas;
        foreach (var schema in schemas)
        {
            await using var connection = new NpgsqlConnection(
                new NpgsqlConnectionStringBuilder(database.ConnectionStringOf(schema))
                {
                    Pooling = false,
                }.ConnectionString
            );
            await connection.OpenAsync(ct);
        }

        return string.Create(CultureInfo.InvariantCulture, $"all {schemas.Count} roles can log in");
    }

    private async Task<string> CheckEncryptionAsync(CancellationToken ct) =>
        await EncryptionKeys.FindUnopenedAsync(database, ct) is { } unopened
            ? throw new StartupException(unopened)
            : "all keys can be opened";

    /// <summary>A command that was killed may have left tables open to their owner.</summary>
    private async Task<string> CheckRowSecurityAsync(CancellationToken ct) =>
        await PracticeHost.Setup(database).HoldOwnerAgainAsync(ct) switch
        {
            null => "another setup or a backup runs, and forces it at its end",
            0 => "forced on all tables",
            { } tables => string.Create(
                CultureInfo.InvariantCulture,
                $"forced again on {tables} tables, which a command that was killed had left open to the owner"
            ),
        };

    private async Task<string> CheckClockAsync(CancellationToken ct)
    {
        var before = DateTime.UtcNow;
        var there = await ScalarAsync<DateTime>("select now()", ct);
        var after = DateTime.UtcNow;
        var difference =
            there < before ? before - there
            : there > after ? there - after
            : TimeSpan.Zero;
        return difference <= MostClockDifference
            ? "as the database's"
            : throw new StartupException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"differs from the database's by {difference.TotalSeconds:0} seconds: synchronise both"
                )
            );
    }

    /// <summary>
    /// Where the embedded database is, and mails are written. A server's disk cannot be seen from here.
    /// </summary>
    private Task<string> CheckDisk(CancellationToken ct)
    {
        var folder = Directory.CreateDirectory(settings.DataDirectory).FullName;
        var free = new DriveInfo(folder).AvailableFreeSpace;
        var text = string.Create(CultureInfo.InvariantCulture, $"{free / 1e9:0.0} GB are free at {folder}");
        return free >= LeastFreeBytes ? Task.FromResult(text) : throw new StartupException($"only {text}");
    }

    private async Task<T> ScalarAsync<T>(string sql, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(database.OwnerConnectionString);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(ct))!;
    }
}
