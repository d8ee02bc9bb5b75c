using System.Globalization;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Options;
using Npgsql;
using Practice.Shared.Hosting;
using Practice.Shared.Persistence;

namespace Practice.Host.Commands;

/// <summary><c>check</c>: whether what the product needs is there, a line each.</summary>
internal sealed class CheckCommand(
    IServiceProvider services,
    HostSettings settings,
    PracticeDatabase database,
    TextWriter console,
    long leastFreeBytes = 1_000_000_000
)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Codes of authenticator apps are good for 30 seconds, and links and sessions end at a time.</summary>
    private static readonly TimeSpan MaxClockDifference = TimeSpan.FromSeconds(5);

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
            ("disk", CheckDiskAsync),
        ];
        var registered = services
            .GetServices<IOperatorCheck>()
            .Select(check =>
                (check.Name, (Func<CancellationToken, Task<string>>)(ct => check.RunAsync(leastFreeBytes, ct)))
            );
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
        var environment = services.GetRequiredService<IHostEnvironment>();
        var faults = new List<Exception>();
        if (environment.IsProduction() && !settings.Embedded && settings.MissingInProduction is { } missing)
            faults.Add(missing);
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
        }
        catch (Exception invalid) // of one setting, or of several
        {
            faults.Add(invalid);
        }

        return faults.Count == 0
            ? Task.FromResult($"{environment.EnvironmentName}, people open {settings.PublicUrl}")
            : throw new AggregateException(faults);
    }

    private async Task<string> CheckDatabaseAsync(CancellationToken ct)
    {
        if (await PoolerCheck.SharesSessionsAsync(database.OwnerConnectionString, ct))
            throw new StartupException(PoolerCheck.Problem);
        if (await ScalarAsync<string>("show transaction_read_only", ct) == "on")
            throw new StartupException("takes no writes: it is a standby, or set to read-only");
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
        var problems = new List<string>();
        foreach (var schema in schemas)
        {
            try
            {
                if (await FindHiddenTableAsync(schema, ct) is { } table)
                    problems.Add($"{database.RoleOf(schema)} may not read {table}");
            }
            catch (PostgresException refused)
            {
                problems.Add($"{database.RoleOf(schema)} cannot log in ({refused.MessageText})");
            }
        }

        return problems.Count == 0
            ? string.Create(CultureInfo.InvariantCulture, $"all {schemas.Count} roles can log in and read their tables")
            : throw new StartupException(
                $"{string.Join("; ", problems)}: run the command `{CommandLine.Migrate}`, which gives roles their "
                    + "passwords and rights"
            );
    }

    /// <summary>A table of its schema that the login may not read; null where there is none.</summary>
    private async Task<string?> FindHiddenTableAsync(string schema, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(database.ConnectionStringOf(schema)) { Pooling = false }.ConnectionString
        );
        await connection.OpenAsync(ct);
        await using var find = new NpgsqlCommand(
            $"""
            select format('%I.%I', n.nspname, t.relname) from pg_class t join pg_namespace n on n.oid = t.relnamespace
            where n.nspname = $1 and t.relkind in ('r', 'p') and t.relname <> '{HistoryRepository.DefaultTableName}'
                and not (has_schema_privilege(n.oid, 'usage') and has_table_privilege(t.oid, 'select'))
            order by 1 limit 1
            """,
            connection
        )
        {
            Parameters = { new() { Value = schema } },
        };
        return (string?)await find.ExecuteScalarAsync(ct);
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
        var clock = services.GetRequiredService<TimeProvider>();
        var before = clock.GetUtcNow().UtcDateTime;
        var there = await ScalarAsync<DateTime>("select now()", ct);
        var after = clock.GetUtcNow().UtcDateTime;
        var difference =
            there < before ? before - there
            : there > after ? there - after
            : TimeSpan.Zero;
        return difference <= MaxClockDifference
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
    private async Task<string> CheckDiskAsync(CancellationToken ct)
    {
        if (settings is { Embedded: false, PickupDirectory: null })
            return "not used: database and mails have servers of their own";
        return await WriteProbe.DescribeRoomAsync(settings.DataDirectory, leastFreeBytes, ct);
    }

    private async Task<T> ScalarAsync<T>(string sql, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(database.OwnerConnectionString);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(ct))!;
    }
}
