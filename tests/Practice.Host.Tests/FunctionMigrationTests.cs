using System.Reflection;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Practice.Authorization;
using Practice.Shared.Persistence;

namespace Practice.Host.Tests;

/// <summary>
/// Each migration commits by itself, and hosts are running meanwhile. Between two of them, functions that need columns
/// of the second one would fail.
/// </summary>
public sealed class FunctionMigrationTests
{
    private const string OnlyCreates = "20261128000002_OnlyRead";

    [Fact]
    public void Only_the_newest_migration_with_functions_replaces_them()
    {
        var migrations = typeof(DatabaseSetup)
            .Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(Migration)))
            .Select(type =>
                (
                    Name: type.GetCustomAttribute<MigrationAttribute>()!.Id,
                    Sql: ((Migration)Activator.CreateInstance(type)!)
                        .UpOperations.OfType<SqlOperation>()
                        .Where(operation =>
                            operation.Sql.Contains(AuthorizationFunctions.Text("authorize"), StringComparison.Ordinal)
                        )
                        .Select(operation => operation.Sql.TrimStart())
                        .SingleOrDefault()
                )
            )
            .Where(migration => migration.Sql is not null)
            .OrderBy(migration => migration.Name, StringComparer.Ordinal)
            .ToList();

        Assert.Contains(migrations, migration => migration.Name == OnlyCreates);
        Assert.Equal(
            [migrations[^1].Name],
            migrations
                .Where(migration => !migration.Sql!.StartsWith("do $missing$", StringComparison.Ordinal))
                .Select(migration => migration.Name)
        );
    }

    [Fact]
    public async Task An_earlier_migration_creates_what_is_missing_and_leaves_what_running_hosts_call()
    {
        var database = await TestServer.NewDatabaseAsync();
        var sql = new Sql(database);
        await sql.Execute(
            """
            create or replace function authority.current_user_id() returns uuid language sql stable as
                'select null::uuid -- of the release before';
            drop function authority.only_read;
            """
        );
        await sql.Execute("""delete from authority."__EFMigrationsHistory" where migration_id = $1""", OnlyCreates);

        await PracticeHost.SetUpDatabaseAsync(TestServer.DatabaseAt(database), CancellationToken.None);

        Assert.Contains(
            "of the release before",
            await sql.Scalar<string>(
                "select prosrc from pg_proc where oid = 'authority.current_user_id()'::regprocedure"
            ),
            StringComparison.Ordinal
        );
        Assert.True(await sql.Scalar<bool>("select to_regproc('authority.only_read') is not null"));
        Assert.Equal(
            1L,
            await sql.Scalar<long>(
                """select count(*) from authority."__EFMigrationsHistory" where migration_id = $1""",
                OnlyCreates
            )
        );
    }
}
