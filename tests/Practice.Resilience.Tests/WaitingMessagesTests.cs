using System.Diagnostics;
using Npgsql;
using Practice.Host;
using Xunit.Abstractions;

namespace Practice.Resilience.Tests;

/// <summary>What a fault of the database does to the messages that a host has in its hands.</summary>
public sealed class WaitingMessagesTests(ITestOutputHelper figures)
{
    /// <summary>On a quiet machine up to 3 seconds (docs/reliability.md).</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Each number is one try: a sequence is not rolled back.</summary>
    private const string FailToNotify = """
        create sequence public.tries;
        create function public.fail() returns trigger security definer language plpgsql as
        $$
        begin
            perform nextval('public.tries');
            raise exception 'the database system is starting up' using errcode = '57P03';
        end
        $$;
        create trigger fail before insert on users.notifications for each row execute function public.fail();
        """;

    /// <summary>Whoever notifies waits for the test, in a transaction.</summary>
    private const string HoldNotifications = """
        create function public.hold() returns trigger security definer language plpgsql as
            $$ begin perform pg_advisory_xact_lock(49); return new; end $$;
        create trigger hold before insert on users.notifications for each row execute function public.hold();
        """;

    [Fact]
    public async Task However_long_the_fault_no_message_dies_of_it_and_those_that_come_meanwhile_are_not_late()
    {
        await using var app = await TestApp.StartAsync();
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        Person[] people = [await app.SignUpAndConfirm(), await app.SignUpAndConfirm()];
        await app.SettlesAsync();
        await app.Owner.Execute(FailToNotify);

        await Invite(group, people[0]);
        await Tries(app, 6);
        await Invite(group, people[1]);
        await Tries(app, 10);
        await app.Owner.Execute("drop trigger fail on users.notifications");

        await AreNotified(app, people);
    }

    [Fact]
    public async Task A_message_in_hand_when_the_database_stops_goes_on_when_it_is_back()
    {
        var folder = TestFolder.New("server");
        var server = await TestServer.StartOneAsync(folder);
        await PracticeHost.SetUpDatabaseAsync(TestServer.DatabaseAt(server.ConnectionString), CancellationToken.None);
        await using var app = await TestApp.StartAsync(new() { ConnectionString = server.ConnectionString });
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        Person[] people = [await app.SignUpAndConfirm(), await app.SignUpAndConfirm(), await app.SignUpAndConfirm()];
        await app.SettlesAsync();
        await app.Owner.Execute(HoldNotifications);

        await using (var held = new NpgsqlConnection(app.ConnectionString))
        {
            await held.OpenAsync();
            await using var hold = new NpgsqlCommand("select pg_advisory_lock(49)", held);
            await hold.ExecuteNonQueryAsync();
            foreach (var person in people)
                await Invite(group, person);
            await Eventually.Is(() =>
                app.Owner.Scalar<bool>(
                    "select exists (select from pg_stat_activity where wait_event = 'advisory' and usename like '%users')"
                )
            );
            await server.StopAsync();
        }

        // Long enough that the host has given up trying at once.
        await Eventually.Is(() => Task.FromResult(app.Log.Errors.Count(IsAboutAnInvitation) >= 8));
        await using var back = await TestServer.StartOneAsync(folder);
        await Eventually.Is(async () => (await app.Api.Get("/health/ready")).Status == 200);
        NpgsqlConnection.ClearAllPools(); // those of the test

        await AreNotified(app, people);
    }

    /// <summary>The server commits and waits for a replica that is not there; then the connection ends.</summary>
    [Fact]
    public async Task What_a_commit_has_published_is_handled_though_the_host_never_heard_of_the_commit()
    {
        await using var server = await TestServer.StartOneAsync(TestFolder.New("server"), durable: true);
        await PracticeHost.SetUpDatabaseAsync(TestServer.DatabaseAt(server.ConnectionString), CancellationToken.None);
        await using var app = await TestApp.StartAsync(new() { ConnectionString = server.ConnectionString });
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        var owner = group.Owner.Api.WithHeader("Idempotency-Key", $"{Guid.NewGuid()}"); // the host tries again itself
        var invited = await app.SignUpAndConfirm();
        await app.SettlesAsync();

        // Others wait for locks of the one that is held, or for the replica, too: they go on when it is not needed.
        await app.Owner.Execute("alter system set synchronous_standby_names = 'nobody'");
        await app.Owner.Execute("select pg_reload_conf()");
        var inviting = Invite(group, invited, owner);
        await Eventually.Is(() => app.Owner.Scalar<bool>($"select exists ({Committing})"));
        await app.Owner.Execute($"select pg_terminate_backend(pid) from ({Committing}) those");
        await app.Owner.Execute("alter system reset synchronous_standby_names");
        await app.Owner.Execute("select pg_reload_conf()");

        await inviting;
        await AreNotified(app, [invited]);
    }

    private const string Committing =
        "select pid from pg_stat_activity where wait_event = 'SyncRep' and usename like '%groups'";

    private static bool IsAboutAnInvitation(string line) => line.Contains("UserInvited", StringComparison.Ordinal);

    private static Task Tries(TestApp app, long number) =>
        Eventually.Is(async () => await app.Owner.Scalar<long>("select last_value from public.tries") >= number);

    private static async Task Invite(Group group, Person person, ApiClient? owner = null) =>
        (
            await (owner ?? group.Owner.Api).Post($"{group.Path}/members", Group.Member(person.Email, "reception"))
        ).Should(201);

    private async Task AreNotified(TestApp app, Person[] people)
    {
        var waited = Stopwatch.StartNew();
        foreach (var person in people)
            await Eventually.Is(
                async () =>
                    await app.Owner.Scalar<long>(
                        "select count(*) from users.notifications where account_id = $1",
                        person.Id
                    ) == 1,
                Limit
            );
        await app.SettlesAsync();
        figures.WriteLine($"all handled {waited.Elapsed.TotalSeconds:0.0} s after the fault ended");
        Assert.True(waited.Elapsed < Limit, $"{waited.Elapsed}");
        Assert.Equal(0, await app.Owner.Scalar<long>("select count(*) from messaging.wolverine_dead_letters"));
    }
}
