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

    /// <summary>On each host, every ten seconds, beside millions of reminders of the weeks to come.</summary>
    [Fact]
    public async Task The_metrics_read_only_messages_that_wait()
    {
        var database = new Sql(await TestServer.NewDatabaseAsync());
        await database.Execute(
            """
            begin;
            insert into messaging.wolverine_incoming_envelopes
                (id, status, owner_id, execution_time, attempts, body, message_type, received_at)
            select gen_random_uuid(), 'Scheduled', 0, now() + number * interval '1 minute' + interval '14 hours', 0,
                '', 'reminder', 'local://reminders/'
            from generate_series(1, 20000) number;
            insert into messaging.wolverine_incoming_envelopes
                (id, status, owner_id, execution_time, attempts, body, message_type, received_at)
            values
                ('08df4fd3-56f8-012c-9e04-2f94e6370000', 'Incoming', 0, null, 0, '', 'one', 'local://new/'),
                ('08df4fd3-56f8-012c-9e04-2f94e6370001', 'Incoming', 7, null, 0, '', 'one', 'local://in-hand/'),
                ('08df4fd3-56f8-012c-9e04-2f94e6370002', 'Scheduled', 0, now() - interval '5 minutes', 0, '', 'one',
                    'local://due/'),
                ('08df4fd3-56f8-012c-9e04-2f94e6370003', 'Scheduled', 0, now() + interval '4 hours', 3, '', 'one',
                    'local://again/'),
                ('08df4fd3-56f8-012c-9e04-2f94e6370004', 'Scheduled', 0, now() + interval '4 hours', 0, '', 'one',
                    'local://later/');
            analyze messaging.wolverine_incoming_envelopes;
            commit
            """
        );

        var waiting = await database.Rows(QueueMetrics.WaitingSql);
        Assert.Equal(
            ["local://again/", "local://due/", "local://in-hand/", "local://new/"],
            waiting.Select(queue => (string)queue[0]!).Order(StringComparer.Ordinal)
        );
        Assert.All(waiting, queue => Assert.Equal(1L, queue[1]));
        var since = waiting.ToDictionary(queue => (string)queue[0]!, queue => (decimal)queue[2]!);
        Assert.InRange(since["local://due/"], 300, 600);
        Assert.True(since["local://again/"] > 600); // since it was made

        var plan = await database.Scalar<string>($"explain (analyze, buffers, format json) {QueueMetrics.WaitingSql}");
        var top = JsonElement.Parse(plan!)[0].GetProperty("Plan");
        Assert.InRange(
            top.GetProperty("Shared Hit Blocks").GetInt32() + top.GetProperty("Shared Read Blocks").GetInt32(),
            1,
            100
        );
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
