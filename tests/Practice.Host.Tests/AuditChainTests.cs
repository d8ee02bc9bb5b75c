using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Practice.Shared.Audit;

namespace Practice.Host.Tests;

/// <summary>Tampering with the audit log is detected, even when the owner of the database does it.</summary>
public sealed class AuditChainTests
{
    private const string Latest = "(select id from audit.entries order by id desc limit 1)";

    [Fact]
    public async Task Entries_are_chained_in_the_background()
    {
        await using var app = await TestApp.StartAsync();
        await (await app.SignUpAndConfirm()).CreatesGroup();
        await SealedAsync(app);

        var result = await VerifyAsync(app);
        Assert.Empty(result.Faults);
        Assert.Equal(await app.Owner.Scalar<long>("select count(*) from audit.entries"), result.Entries);
        Assert.True(result.Entries >= 3, $"Only {result.Entries} entries.");
    }

    [Theory]
    [InlineData($"update audit.entries set act = 'groups.something_else' where id = {Latest}", "was changed")]
    [InlineData($"update audit.entries set actor_id = gen_random_uuid() where id = {Latest}", "was changed")]
    [InlineData($"update audit.entries set details = '{{\"level\":\"full\"}}' where id = {Latest}", "was changed")]
    [InlineData($"update audit.entries set at = at + interval '1 microsecond' where id = {Latest}", "was changed")]
    [InlineData($"delete from audit.entries where id = {Latest}", "is missing")]
    [InlineData("delete from audit.seals where position = 2", "Hash 2 is missing")]
    [InlineData(
        """
            delete from audit.entries where id = (select entry_id from audit.seals where position = 2);
            delete from audit.seals where position = 2;
            update audit.seals set position = position - 1 where position > 2
            """,
        "was changed"
    )]
    [InlineData(
        """
            insert into audit.entries (id, at, authority, act, subject_id)
            values (gen_random_uuid(), now(), 'system', 'groups.created', gen_random_uuid());
            delete from audit.unsealed
            """,
        "has no hash"
    )]
    public async Task Every_kind_of_tampering_is_found(string tampering, string fault)
    {
        var app = await SealedOnce.Value;
        await app.Owner.Execute(
            """
            set session_replication_role = replica;
            delete from audit.seals; delete from audit.entries; delete from audit.unsealed;
            insert into audit.entries (id, at, group_id, actor_id, authority, act, subject_id, details)
            select id, at, group_id, actor_id, authority, act, subject_id, details from kept.entries;
            insert into audit.seals select * from kept.seals;
            set session_replication_role = origin;
            """
        );
        Assert.Empty((await VerifyAsync(app)).Faults);

        await app.Owner.Execute(tampering);
        Assert.Contains((await VerifyAsync(app)).Faults, found => found.Contains(fault, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Old_entries_are_removed_with_the_key_and_the_chain_goes_on()
    {
        await using var app = await TestApp.StartAsync();
        var person = await app.SignUpAndConfirm();
        await person.CreatesGroup();
        await SealedAsync(app);
        var all = (await VerifyAsync(app)).Entries;
        var third = await app.Owner.Scalar<DateTime>(
            "select at from audit.entries join audit.seals on entry_id = id where position = 3"
        );
        var chain = app.Services.GetRequiredService<AuditHashChain>();
        await using (var owner = new NpgsqlConnection(app.ConnectionString))
        {
            await owner.OpenAsync();
            Assert.Equal(2, await chain.RemoveBeforeAsync(owner, third, CancellationToken.None));
            Assert.Equal(0, await chain.RemoveBeforeAsync(owner, third, CancellationToken.None));
        }

        await person.CreatesGroup();
        await SealedAsync(app);
        var result = await VerifyAsync(app);
        Assert.Empty(result.Faults);
        Assert.Equal(2, result.Removed);
        Assert.True(result.Entries > all - 2, $"{result.Entries} entries");
        Assert.Equal(await app.Owner.Scalar<long>("select count(*) from audit.entries"), result.Entries);

        // As somebody without the key would.
        await app.Owner.Execute(
            """
            with gone as (delete from audit.seals where position = 3 returning entry_id, hash),
                deleted as (delete from audit.entries where id in (select entry_id from gone))
            update audit.removals set position = 3, hash = (select hash from gone)
            """
        );
        Assert.Contains(
            "somebody without the key",
            Assert.Single((await VerifyAsync(app)).Faults),
            StringComparison.Ordinal
        );
        await app.Owner.Execute("delete from audit.removals");
        Assert.Contains("Hash 1 is missing.", (await VerifyAsync(app)).Faults);
    }

    [Theory]
    [InlineData("12:0123456789abcdef", true)]
    [InlineData("12:0123456789ABCDEF", true)]
    [InlineData("the last one", false)]
    [InlineData("12:0123", false)]
    [InlineData("12:0123456789abcdeg", false)]
    [InlineData("-1:0123456789abcdef", false)]
    public void A_head_is_read_as_it_is_written(string text, bool isHead) =>
        Assert.Equal(isHead ? text.ToLowerInvariant() : null, AuditHead.Parse(text)?.ToString());

    /// <summary>Who cuts the end off leaves a chain that is whole in itself.</summary>
    [Fact]
    public async Task Entries_that_were_cut_off_with_their_hashes_are_found_with_a_head_that_was_kept()
    {
        await using var app = await TestApp.StartAsync();
        await (await app.SignUpAndConfirm()).CreatesGroup();
        await SealedAsync(app);
        var head = (await VerifyAsync(app)).Head!;
        Assert.Contains(app.Log.Lines, line => line.Contains("The audit's head is ", StringComparison.Ordinal));
        await app.SignUpAndConfirm();
        await SealedAsync(app);
        Assert.Empty((await VerifyAsync(app, head)).Faults);

        await app.Owner.Execute(
            """
            set session_replication_role = replica;
            delete from audit.entries where id in (select entry_id from audit.seals where position >= $1);
            delete from audit.seals where position >= $1
            """.Replace("$1", head.Position.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        );
        Assert.Empty((await VerifyAsync(app)).Faults);
        Assert.Contains("were cut off", Assert.Single((await VerifyAsync(app, head)).Faults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_operator_checks_with_a_command()
    {
        var data = TestFolder.New("data");
        var database = await TestServer.NewDatabaseAsync();
        var settings = new Dictionary<string, string?>
        {
            ["ConnectionStrings:Practice"] = database,
            ["Data:Directory"] = data,
        };
        string head;
        await using (var app = await TestApp.StartAsync(new() { ConnectionString = database }))
        {
            await app.SignUpAndConfirm();
            await SealedAsync(app);
            head = (await VerifyAsync(app)).Head!.ToString();
        }

        var withHead = new Dictionary<string, string?>(settings) { ["Audit:Head"] = head };
        var (exitCode, output, _) = await HostProcess.RunAsync(withHead, "verify-audit");
        Assert.Equal(0, exitCode);
        Assert.Contains("The audit log is intact", output, StringComparison.Ordinal);

        Assert.Contains($"The head is {head}.", output, StringComparison.Ordinal);

        var withOtherKey = new Dictionary<string, string?>(settings)
        {
            ["Audit:SealKey"] = Convert.ToBase64String(new byte[32]),
        };
        (exitCode, output, _) = await HostProcess.RunAsync(withOtherKey, "verify-audit");
        Assert.Equal(1, exitCode);
        Assert.Contains("were hashed with another key", output, StringComparison.Ordinal);
        Assert.DoesNotContain("tampered", output, StringComparison.Ordinal);

        await new Sql(database).Execute($"update audit.entries set at = now() where id = {Latest}");
        (exitCode, output, _) = await HostProcess.RunAsync(settings, "verify-audit");
        Assert.Equal(1, exitCode);
        Assert.Contains("was changed", output, StringComparison.Ordinal);
    }

    /// <summary>A host with a sealed audit log, and a copy of the log that each test starts from.</summary>
    private static readonly Lazy<Task<TestApp>> SealedOnce = new(async () =>
    {
        var app = await TestApp.StartAsync();
        await (await app.SignUpAndConfirm()).CreatesGroup();
        await SealedAsync(app);
        await app.Owner.Execute(
            """
            create schema kept;
            create table kept.entries as table audit.entries;
            create table kept.seals as table audit.seals
            """
        );
        return app;
    });

    private static Task<AuditChainResult> VerifyAsync(TestApp app, AuditHead? kept = null) =>
        app.Services.GetRequiredService<AuditHashChain>().VerifyAsync(kept, CancellationToken.None);

    private static Task SealedAsync(TestApp app) =>
        Eventually.Is(async () =>
            await app.Owner.Scalar<long>("select count(*) from audit.unsealed") == 0
            && await app.Owner.Scalar<long>("select count(*) from audit.entries") > 0
        );
}
