using System.Text.Json;
using Npgsql;
using Practice.Shared.Audit;
using Practice.Shared.Persistence;

namespace Practice.Host.Tests;

/// <summary>Tables whose rows come and go are small again soon, and a poll of them reads little.</summary>
public sealed class QueueStorageTests
{
    /// <summary>
    /// Where few rows are left of many. Answers to calls with a key stay for a day and are found by the key, so
    /// <c>idempotency.calls</c> is none of them: each vacuum would read the indexes of a day.
    /// </summary>
    private static readonly string[] Queues = ["audit.unsealed", "messaging.wolverine_incoming_envelopes"];

    [Fact]
    public async Task A_queue_is_vacuumed_after_so_many_rows_however_large_it_once_was()
    {
        var database = new Sql(await TestServer.NewDatabaseAsync());
        var found = await database.Rows(
            "select oid::regclass::text from pg_class where reloptions @> $1 order by 1",
            (object)DatabaseSetup.QueueStorage.Replace(" ", "", StringComparison.Ordinal).Split(',')
        );

        Assert.Equal(Queues, found.Select(table => (string)table[0]!));
    }

    /// <summary>
    /// The server knows the table from when it was full, and remembers what is gone until it is vacuumed.
    /// </summary>
    [Fact]
    public async Task A_look_for_audit_entries_reads_little_after_thousands_have_come_and_gone()
    {
        await using var app = await TestApp.StartAsync();
        await app.Owner.Execute(
            """
            begin;
            insert into audit.entries (id, at, authority, act, subject_id)
            select lpad(to_hex(number), 32, '0')::uuid, now(), 'system', 'groups.created', gen_random_uuid()
            from generate_series(1, 10000) number; -- ids that grow, as those of version 7 do
            analyze audit.unsealed, audit.entries;
            commit
            """
        );
        await Eventually.Is(async () => await app.Owner.Scalar<long>("select count(*) from audit.unsealed") == 0);

        Assert.InRange(await PagesOfALookAsync(app), 1, 500);
        await Eventually.Is(async () => // a look of the host may still be under way
        {
            await app.Owner.Execute("vacuum audit.unsealed"); // as autovacuum does: see above
            return await app.Owner.Scalar<long>("select pg_relation_size('audit.unsealed')") == 0;
        });
        Assert.InRange(await PagesOfALookAsync(app), 1, 20);
    }

    /// <summary>Of one that finds one entry, the newest.</summary>
    private static async Task<int> PagesOfALookAsync(TestApp app)
    {
        await using var connection = new NpgsqlConnection(app.ConnectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync(); // rolled back: it has its hash
        await using var add = new NpgsqlCommand(
            "insert into audit.unsealed select id from audit.entries order by id desc limit 1",
            connection
        );
        await add.ExecuteNonQueryAsync();
        await using var look = new NpgsqlCommand(
            $"explain (analyze, buffers, format json) {AuditHashChain.WaitingSql}",
            connection
        );
        var top = JsonElement.Parse((string)(await look.ExecuteScalarAsync())!)[0].GetProperty("Plan");
        Assert.Equal(1, top.GetProperty("Actual Rows").GetDouble());
        return top.GetProperty("Shared Hit Blocks").GetInt32() + top.GetProperty("Shared Read Blocks").GetInt32();
    }
}
