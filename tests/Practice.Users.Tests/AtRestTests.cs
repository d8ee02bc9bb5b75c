using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Practice.Host;
using Practice.Users.Data;

namespace Practice.Users.Tests;

/// <summary>What a copy of the database shows of messages that wait or failed, and of authenticator keys.</summary>
public sealed partial class AtRestTests
{
    [Fact]
    public async Task Messages_that_wait_or_failed_show_no_address_and_are_delivered_after_a_restart()
    {
        await using var server = new SmtpServer();
        var (waits, fails, control) = (People.NewEmail(), People.NewEmail(), People.NewEmail());
        server.ToRecipient = (to, _) => to == fails ? "550 no such person" : "451 later";
        var settings = SettingsOf(server);
        string connectionString;
        await using (var app = await TestApp.StartAsync(new TestAppOptions { Settings = settings }))
        {
            connectionString = app.ConnectionString;
            (await app.SignUp(waits)).Should(201);
            (await app.SignUp(fails)).Should(201);
            await Eventually.Is(async () => await Stored(app, "wolverine_dead_letters") == 1);
            await Eventually.Is(async () => await Stored(app, "wolverine_incoming_envelopes") > 0);

            Assert.Empty(await Showing(app, "messaging", waits));
            Assert.Empty(await Showing(app, "messaging", fails));
            Assert.Contains("users.pending_sign_ups", await Showing(app, "users", waits));
            await app.Owner.Execute(
                """
                insert into messaging.wolverine_dead_letters (id, body, message_type) values (gen_random_uuid(), $1, 'none')
                """,
                Encoding.UTF8.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes($"to {control}")))
            );
            Assert.Equal(["messaging.wolverine_dead_letters"], await Showing(app, "messaging", control));
            await app.Owner.Execute("delete from messaging.wolverine_dead_letters where message_type = 'none'");
        }

        server.ToRecipient = (_, _) => "250 ok";
        await using var restarted = await TestApp.StartAsync(
            new TestAppOptions { ConnectionString = connectionString, Settings = settings }
        );
        await restarted.Owner.Execute("update messaging.wolverine_dead_letters set replayable = true");
        await Eventually.Is(() => Task.FromResult(Arrived(waits) && Arrived(fails)));

        bool Arrived(string email) => server.Arrived.Any(mail => mail.To == email);
    }

    /// <summary>The database is migrated while a host of the release before is connected, which goes on.</summary>
    [Fact]
    public async Task For_an_hour_after_an_upgrade_nothing_is_encrypted_that_the_release_before_could_not_read()
    {
        var connectionString = await TestServer.NewDatabaseAsync();
        await using var database = TestServer.DatabaseAt(connectionString);
        await new Sql(connectionString).Execute(
            """
            drop table messaging.encryption_keys, messaging.queues;
            delete from authority."__EFMigrationsHistory" where migration_id like '%EncryptedMessages';
            """
        );
        await using (var before = new NpgsqlConnection(database.ConnectionStringOf("messaging")))
        {
            await before.OpenAsync();
            await PracticeHost.SetUpDatabaseAsync(database, CancellationToken.None);
        }

        await using var server = new SmtpServer { ToRecipient = (_, _) => "451 later" };
        await using var app = await TestApp.StartAsync(
            new TestAppOptions { ConnectionString = connectionString, Settings = SettingsOf(server) }
        );
        var (early, late) = (People.NewEmail(), People.NewEmail());
        (await app.SignUp(early)).Should(201);
        await Eventually.Is(async () => await Stored(app, "wolverine_incoming_envelopes") == 1);
        Assert.Equal(["messaging.wolverine_incoming_envelopes"], await Showing(app, "messaging", early));

        app.Clock.Advance(TimeSpan.FromMinutes(61));
        (await app.SignUp(late)).Should(201);
        await Eventually.Is(async () => await Stored(app, "wolverine_incoming_envelopes") == 2);
        Assert.Empty(await Showing(app, "messaging", late));

        server.ToRecipient = (_, _) => "250 ok";
        await Eventually.Is(() =>
            Task.FromResult(server.Arrived.Any(mail => mail.To == early) && server.Arrived.Any(mail => mail.To == late))
        );
    }

    [Fact]
    public async Task A_message_that_failed_ends_after_30_days()
    {
        await using var server = new SmtpServer { ToRecipient = (_, _) => "550 no such person" };
        await using var app = await TestApp.StartAsync(new TestAppOptions { Settings = SettingsOf(server) });
        (await app.SignUp(People.NewEmail())).Should(201);
        await Eventually.Is(async () => await Stored(app, "wolverine_dead_letters") == 1);
        Assert.True(
            await app.Owner.Scalar<bool>(
                """
                select expires between now() + interval '29 days' and now() + interval '31 days'
                from messaging.wolverine_dead_letters
                """
            )
        );
    }

    [Fact]
    public async Task A_scheduled_message_is_encrypted_and_survives_a_restart()
    {
        var mails = TestFolder.New("mail");
        string connectionString,
            email;
        await using (var app = await TestApp.StartAsync(new TestAppOptions { MailDirectory = mails }))
        {
            var (group, person) = (await (await app.SignUpAndConfirm()).CreatesGroup(), await app.SignUpAndConfirm());
            await app.Publishes(new Practice.Contracts.Groups.MemberJoined(group.Id, group.Name, person.Id, false));
            await app.SettlesAsync();
            (connectionString, email) = (app.ConnectionString, person.Email);
            Assert.Empty(await Showing(app, "messaging", person.Id.ToString()));
        }

        await using var restarted = await TestApp.StartAsync(
            new TestAppOptions { ConnectionString = connectionString, MailDirectory = mails }
        );
        await restarted.PassesAsync(TimeSpan.FromDays(1.1));
        await restarted.Mail.WaitFor(email, "Your first days at");
    }

    [Fact]
    public async Task An_authenticator_key_is_encrypted_for_its_account()
    {
        var app = await TestApp.StartedAsync();
        var (person, other) = (await app.SignUpAndConfirm(), await app.SignUpAndConfirm());
        var key = await Authenticator.KeyFor(person);
        (await person.Api.Post("/api/users/me/two-factor/enable", new { code = Authenticator.Code(key) })).Should(200);
        await Authenticator.EnableFor(other);

        Assert.DoesNotContain("users.account_tokens", await Showing(app, "users", key));
        (await app.TrySignIn(person.Email, person.Password, Authenticator.Code(key, ahead: 1))).Should(200);

        // Someone who writes to the database cannot give another account a key that they know.
        await app.Owner.Execute(
            """
            update users.account_tokens set value = (
                select value from users.account_tokens where user_id = $1 and name = 'AuthenticatorKey')
            where user_id = $2 and name = 'AuthenticatorKey'
            """,
            person.Id,
            other.Id
        );
        (await app.TrySignIn(other.Email, other.Password, Authenticator.Code(key, ahead: 1))).Should(401);
    }

    [Fact]
    public async Task A_clear_authenticator_key_of_an_earlier_release_works_and_is_encrypted_by_the_cleanup()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        var key = await Authenticator.KeyFor(person);
        await app.Owner.Execute(
            "update users.account_tokens set value = $1 where user_id = $2 and name = 'AuthenticatorKey'",
            key,
            person.Id
        );
        Assert.Contains("users.account_tokens", await Showing(app, "users", key));
        (await person.Api.Post("/api/users/me/two-factor/enable", new { code = Authenticator.Code(key) })).Should(200);

        await app.Services.GetRequiredService<ExpiredDataCleanup>().RunAsync(CancellationToken.None);

        Assert.DoesNotContain("users.account_tokens", await Showing(app, "users", key));
        (await app.TrySignIn(person.Email, person.Password, Authenticator.Code(key, ahead: 1))).Should(200);
    }

    private static Dictionary<string, string?> SettingsOf(SmtpServer server) =>
        new()
        {
            ["Mail:Smtp:Host"] = "127.0.0.1",
            ["Mail:Smtp:Port"] = $"{server.Port}",
            ["Mail:Smtp:Tls"] = "None",
            ["Mail:From"] = "Practice <no-reply@practice.test>",
        };

    private static Task<long> Stored(TestApp app, string table) =>
        app.Owner.Scalar<long>(
            $"select count(*) from messaging.{table} where message_type like '%DeliverMail%' and length(body) > 0"
        );

    /// <summary>The tables of the schema that show the text in any column, be it as bytes, base64 or hex.</summary>
    private static async Task<List<string>> Showing(TestApp app, string schema, string text)
    {
        List<string> showing = [];
        foreach (
            var table in await app.Owner.Rows(
                "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname = $1 order by 1",
                schema
            )
        )
        {
            var rows = await app.Owner.Rows($"select to_jsonb(stored)::text from {table[0]} stored");
            if (rows.Any(row => Readings((string)row[0]!, 2).Any(reading => Has(reading, text))))
                showing.Add((string)table[0]!);
        }

        return showing;

        static bool Has(string reading, string text) => reading.Contains(text, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The stored text, and what is in it if parts of it are hex or base64.</summary>
    private static IEnumerable<string> Readings(string stored, int depth)
    {
        yield return stored;
        if (depth == 0)
            yield break;
        foreach (
            var bytes in Hex.Matches(stored)
                .Select(match => Convert.FromHexString(match.Value))
                .Concat(Base64Of(stored))
        )
        foreach (var reading in Readings(Encoding.Latin1.GetString(bytes), depth - 1))
            yield return reading;
    }

    private static IEnumerable<byte[]> Base64Of(string stored) =>
        from match in Base64.Matches(stored)
        from skipped in Enumerable.Range(0, 4)
        let whole = match.Value[skipped..]
        select Convert.FromBase64String(whole.PadRight((whole.Length + 3) / 4 * 4, 'A'));

    [GeneratedRegex("(?:[0-9a-f]{2}){8,}")]
    private static partial Regex Hex { get; }

    [GeneratedRegex("[A-Za-z0-9+/]{12,}")]
    private static partial Regex Base64 { get; }
}
