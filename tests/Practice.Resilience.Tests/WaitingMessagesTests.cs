using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Practice.Host;
using Practice.PatientPortal.Domain.Reminders;
using Practice.Shared.Hosting;
using Practice.Shared.Messaging;
using Practice.Shared.Persistence;
using Wolverine;
using Wolverine.Runtime;
using Xunit.Abstractions;

namespace Practice.Resilience.Tests;

/// <summary>What a fault of the database does to the messages that a host has in its hands.</summary>
public sealed class WaitingMessagesTests(ITestOutputHelper figures)
{
    /// <summary>Seen: up to 3 seconds (docs/reliability.md).</summary>
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

    /// <summary>A transaction that adds a row there waits for the test.</summary>
    private static string Hold(string table) =>
        $"""
            create function public.hold() returns trigger security definer language plpgsql as
                $$ begin perform pg_advisory_xact_lock(49); return new; end $$;
            create trigger hold before insert on {table} for each row execute function public.hold();
            """;

    private const string Held =
        "select exists (select from pg_stat_activity "
        + "where datname = current_database() and wait_event = 'advisory' and usename like $1)";

    [Fact]
    public async Task However_long_the_fault_no_message_dies_of_it_and_those_that_come_meanwhile_are_not_late()
    {
        await using var app = await TestApp.StartAsync();
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        Person[] people = [await app.SignUpAndConfirm(), await app.SignUpAndConfirm()];
        await app.SettlesAsync();
        await app.Owner.Execute(FailToNotify);

        await Invite(group, people[0]);
        await Tries(app, 10); // past those at once
        app.Clock.Advance(TimeSpan.FromHours(2));
        await Invite(group, people[1]);
        await Tries(app, 16);
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
        await app.Owner.Execute(Hold("users.notifications"));
        await using (await LockAsync(app))
        {
            foreach (var person in people)
                await Invite(group, person);
            await Eventually.Is(() => app.Owner.Scalar<bool>(Held, "%users"));
            await server.StopAsync();
        }

        // Long enough that the host has given up trying at once.
        await Eventually.Is(() => Task.FromResult(app.Log.Errors.Count(IsAboutAnInvitation) >= 8));
        await using var back = await TestServer.StartOneAsync(folder);
        await Eventually.Is(async () => (await app.Api.Get("/health/ready")).Status == 200);
        NpgsqlConnection.ClearAllPools(); // those of the test

        await AreNotified(app, people);
    }

    /// <summary>As reminders are at nine o'clock. With Wolverine's own limits it would be 20 a second.</summary>
    [Fact]
    public async Task Thousands_of_messages_that_are_due_at_once_start_within_seconds()
    {
        const int due = 5_000;
        await using var app = await TestApp.StartAsync(
            new()
            {
                Services = services =>
                    services.ConfigureWolverine(messaging =>
                        messaging.Durability.ScheduledJobPollingTime = PracticeMessaging.StartsEvery
                    ),
            }
        );
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        await using var scope = app.Services.CreateAsyncScope();
        var bus = scope.ServiceProvider.GetRequiredService<IMessageBus>();
        for (var number = 0; number < due; number++)
            await bus.ScheduleAsync(new PlanReminders(group.Id, null, null), DateTimeOffset.UtcNow.AddHours(1));

        await app.Owner.Execute(
            "update messaging.wolverine_incoming_envelopes set execution_time = now() where status = 'Scheduled'"
        );
        var waited = Stopwatch.StartNew();
        await Eventually.Is(
            async () =>
                await app.Owner.Scalar<long>(
                    """
                    select count(*) from messaging.wolverine_incoming_envelopes
                    where status = 'Scheduled' and execution_time <= now()
                    """
                ) == 0,
            TimeSpan.FromSeconds(45)
        );
        figures.WriteLine($"{due} started after {waited.Elapsed.TotalSeconds:0.0} s");
    }

    /// <summary>The server commits and waits for a replica that is not there; then the connection ends.</summary>
    [Fact]
    public async Task What_a_commit_has_published_is_handled_though_the_host_never_heard_of_the_commit()
    {
        await using var server = await TestServer.StartOneAsync(TestFolder.New("server"), durable: true);
        await PracticeHost.SetUpDatabaseAsync(TestServer.DatabaseAt(server.ConnectionString), CancellationToken.None);
        await using var app = await TestApp.StartAsync(new() { ConnectionString = server.ConnectionString });
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        var owner = group.Owner.Api.WithHeader("Idempotency-Key", $"{Guid.NewGuid()}");
        var invited = await app.SignUpAndConfirm();
        await app.SettlesAsync();

        var inviting = await BeginInvitingAsync(app, () => InviteAsync(owner, group, invited));
        await Eventually.Is(() => app.Owner.Scalar<bool>($"select exists ({Committing})"));
        // Until it has ended: if the standby is not asked first, it commits well.
        await app.Owner.Execute($"select pg_terminate_backend(pid, 60000) from ({Committing}) those");
        await StandbyIsNotAskedAsync(app);

        (await inviting).Should(503, "request.unavailable");
        (await InviteAsync(owner, group, invited)).Should(201); // what was committed
        await AreNotified(app, [invited]);
    }

    /// <summary>The host's time limit ends the wait; Npgsql then says that all is well.</summary>
    [Fact]
    public async Task A_commit_that_no_standby_confirms_is_not_answered_with_success_until_one_does()
    {
        await using var server = await TestServer.StartOneAsync(TestFolder.New("server"), durable: true);
        await PracticeHost.SetUpDatabaseAsync(TestServer.DatabaseAt(server.ConnectionString), CancellationToken.None);
        await using var app = await TestApp.StartAsync(new() { ConnectionString = server.ConnectionString });
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        var owner = group.Owner.Api.WithHeader("Idempotency-Key", $"{Guid.NewGuid()}");
        var invited = await app.SignUpAndConfirm();
        // Somebody else: the message about the invitation holds the invited person's account as it waits for a standby.
        var other = await app.SignUpAndConfirm();
        var signIn = new { other.Email, other.Password };
        var refresh = (await app.Api.Post("/api/users/sign-in", signIn)).Should(200)["refreshToken"].GetString();
        await app.SettlesAsync();

        var inviting = await BeginInvitingAsync(app, () => InviteAsync(owner, group, invited));
        (await inviting).Should(503, "request.unavailable");
        (await InviteAsync(owner, group, invited)).Should(503, "request.unavailable");
        // Nobody is signed out meanwhile: a client that gets no new token sends the old one again, as a thief does.
        for (var times = 1; times <= 2; times++)
            refresh = (await app.Api.Post("/api/users/refresh", new { refreshToken = refresh }))
                .Should(200)["refreshToken"]
                .GetString();
        await StandbyIsNotAskedAsync(app);

        await Eventually.Is(async () => (await InviteAsync(owner, group, invited)).Status == 201, Limit);
        Assert.Equal(1, await app.Owner.Scalar<long>("select count(*) from groups.invitations"));
        await AreNotified(app, [invited]);
    }

    /// <summary>As a guard of its disk leaves a server, and as a standby is between two primaries.</summary>
    [Fact]
    public async Task A_server_that_takes_no_writes_is_away_and_costs_no_message()
    {
        await using var server = await TestServer.StartOneAsync(TestFolder.New("server"));
        await PracticeHost.SetUpDatabaseAsync(TestServer.DatabaseAt(server.ConnectionString), CancellationToken.None);
        await using var app = await TestApp.StartAsync(new() { ConnectionString = server.ConnectionString });
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        Person[] people = [await app.SignUpAndConfirm(), await app.SignUpAndConfirm()];
        await app.SettlesAsync();
        await app.Owner.Execute(FailToNotify);
        await Invite(group, people[0]);
        await Tries(app, 1);
        await app.Owner.Execute("alter system set default_transaction_read_only = on");
        await app.Owner.Execute("select pg_reload_conf()");

        await Eventually.Is(() => Task.FromResult(app.Log.Errors.Any(IsReadOnly)));
        var refused = await InviteAsync(group.Owner.Api, group, people[1]);
        refused.Should(503, "request.unavailable");
        Assert.True(refused.Headers.RetryAfter?.Delta > TimeSpan.Zero, "Retry-After");
        app.Clock.Advance(TimeSpan.FromHours(2)); // no message fails alone there
        var before = app.Log.Errors.Count(IsReadOnly);
        await Eventually.Is(() => Task.FromResult(app.Log.Errors.Count(IsReadOnly) > before + 2));

        await app.Owner.Execute("alter system reset default_transaction_read_only");
        await app.Owner.Execute("select pg_reload_conf()");
        await Eventually.Is(async () => await app.Owner.Scalar<string>("show transaction_read_only") == "off");
        await app.Owner.Execute("drop trigger fail on users.notifications");
        await Eventually.Is(async () => (refused = await InviteAsync(group.Owner.Api, group, people[1])).Status != 503);
        refused.Should(201);
        await AreNotified(app, people);

        static bool IsReadOnly(string line) =>
            IsAboutAnInvitation(line) && line.Contains("25006", StringComparison.Ordinal);
    }

    /// <summary>One person's notification takes longer than a message may; nothing else does.</summary>
    [Fact]
    public async Task A_message_that_fails_alone_for_an_hour_becomes_a_dead_letter_that_says_why()
    {
        await using var app = await TestApp.StartAsync();
        using var limit = new CommandLimit(app.ConnectionString, "users.notifications", seconds: 1);
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        Person[] people = [await app.SignUpAndConfirm(), await app.SignUpAndConfirm()];
        await app.SettlesAsync();
        await app.Owner.Execute(TakeTooLong(people[0]));
        await app.Owner.Execute(BeFull);

        await Invite(group, people[0]);
        await Tries(app, 2);
        // Where nothing can be written, a message does not fail alone.
        app.Clock.Advance(TimeSpan.FromHours(2));
        await Tries(app, 3);
        await app.Owner.Execute("drop trigger be_full on messaging.wolverine_incoming_envelopes");
        await Invite(group, people[1]);
        await IsNotified(app, people[1]);
        // As for a message that was stored long ago: it is taken up once more, though it is in hand.
        await app.Owner.Execute(
            "update messaging.wolverine_incoming_envelopes set owner_id = 0 where status = 'Incoming'"
        );
        await Eventually.Is(() => Task.FromResult(app.Log.Lines.Any(IsLetGo)), TimeSpan.FromMinutes(1));
        await Tries(app, 7);
        Assert.DoesNotContain(app.Log.Lines, IsGivenUp);
        app.Clock.Advance(TimeSpan.FromHours(1));

        await Eventually.Is(async () => await app.Owner.Scalar<long>(DeadLetters) == 1);
        Assert.Single(app.Log.Lines, IsGivenUp);
        await app.SettlesAsync();
        var id = await app.Owner.Scalar<Guid>("select id from messaging.wolverine_dead_letters");
        var settings = new Dictionary<string, string?>
        {
            ["ConnectionStrings:Practice"] = app.ConnectionString,
            [PracticeDatabase.RolePrefixSetting] = PracticeDatabase.EarlierRolePrefix,
        };
        var (_, shown, _) = await HostProcess.RunAsync(settings, "dead-letters", "show", $"{id}");
        Assert.Contains(
            "reason     A statement of this message did not end in time for an hour, while the database was well.",
            shown,
            StringComparison.Ordinal
        );

        limit.Dispose();
        await app.Owner.Execute("drop trigger fail on users.notifications");
        await app.Owner.Execute("update messaging.wolverine_dead_letters set replayable = true"); // `replay`
        await IsNotified(app, people[0], TimeSpan.FromMinutes(1));
        await app.SettlesAsync();
        Assert.Equal(0, await app.Owner.Scalar<long>(DeadLetters));
    }

    /// <summary>As when the database hangs for longer than a message may take.</summary>
    [Fact]
    public async Task A_message_that_is_ended_at_its_time_limit_is_tried_again()
    {
        await using var app = await TestApp.StartAsync();
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        var person = await app.SignUpAndConfirm();
        await app.SettlesAsync();
        await app.Owner.Execute(TakeTooLong(person));
        // For messages of a kind that comes for the first time.
        var options = app.Services.GetRequiredService<IWolverineRuntime>().Options;
        options.DefaultExecutionTimeout = TimeSpan.FromSeconds(3);

        await Invite(group, person);
        await Tries(app, 2);
        Assert.Contains(app.Log.Errors, line =>
            line.Contains(nameof(OperationCanceledException), StringComparison.Ordinal)
        );
        await app.Owner.Execute("drop trigger fail on users.notifications");

        await AreNotified(app, [person]);
    }

    /// <summary>
    /// Two hosts may have a message in hand, such as one that was paused or is being stopped and the one that took
    /// over. What the first one added is in the way of the second, before it meets that the message is handled. So at
    /// its first try, and at a later one.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_another_host_has_handled_and_added_meanwhile_makes_no_dead_letter(bool failedBefore)
    {
        var database = await TestServer.NewDatabaseAsync();
        await using var app = await TestApp.StartAsync(new() { ConnectionString = database });
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        var person = await app.SignUpAndConfirm();
        await app.SettlesAsync();
        if (failedBefore)
        {
            await app.Owner.Execute(FailToNotify);
            await Invite(group, person);
            await Tries(app, 2);
        }

        await using (await LockAsync(app))
        {
            await app.Owner.Execute(
                $"drop trigger if exists fail on users.notifications; {Hold("users.notifications")} {IsThere}"
            );
            if (!failedBefore)
                await Invite(group, person);
            await Eventually.Is(() => app.Owner.Scalar<bool>(Held, "%users"));
            Assert.Equal(1, await AnotherHost.HandlesInvitation(app));
        }

        await Eventually.Is(() => Task.FromResult(AnotherHost.WasFirst(app)));
        await app.DisposeAsync(); // what it has in hand is done then
        Assert.Equal(0, await new Sql(database).Scalar<long>(DeadLetters));
    }

    [Fact]
    public async Task A_message_that_cannot_be_put_back_is_in_the_log()
    {
        await using var app = await TestApp.StartAsync();
        var runtime = app.Services.GetRequiredService<IWolverineRuntime>();

        // It has no queue.
        await app.Services.GetRequiredService<MessageRetries>().PutBackAsync(new MessageContext(runtime));

        Assert.Contains("Could not put message", Assert.Single(app.Log.Errors), StringComparison.Ordinal);
    }

    private const string DeadLetters = "select count(*) from messaging.wolverine_dead_letters";

    private static bool IsLetGo(string line) => line.Contains("Let go of message", StringComparison.Ordinal);

    private static bool IsGivenUp(string line) => line.Contains("Gave up on message", StringComparison.Ordinal);

    /// <summary>Each number is one try, also of one that was cancelled.</summary>
    private static string TakeTooLong(Person person) =>
        $"""
            create sequence public.tries;
            create function public.fail() returns trigger security definer language plpgsql as
            $$
            begin
                if new.account_id = '{person.Id}' then
                    perform nextval('public.tries'), pg_sleep(60);
                end if;
                return new;
            end
            $$;
            create trigger fail before insert on users.notifications for each row execute function public.fail();
            """;

    /// <summary>For what keeps a message for another try, but not for what a handler does.</summary>
    private const string BeFull = """
        create function public.be_full() returns trigger security definer language plpgsql as
            $$ begin raise exception 'could not extend file' using errcode = '53100'; end $$;
        create trigger be_full before update of "timestamp" on messaging.wolverine_incoming_envelopes
            for each row execute function public.be_full();
        """;

    /// <summary>Triggers fire in the order of their names: this one after <see cref="Hold"/>.</summary>
    private const string IsThere = """
        create function public.is_there() returns trigger language plpgsql as
            $$ begin raise unique_violation; end $$;
        create trigger is_there before insert on users.notifications for each row execute function public.is_there();
        """;

    private const string Committing =
        "select pid from pg_stat_activity where wait_event = 'SyncRep' and usename like '%groups'";

    /// <returns>The call, whose commit meets that the standby is away.</returns>
    private static async Task<Task<Answer>> BeginInvitingAsync(TestApp app, Func<Task<Answer>> invite)
    {
        await app.Owner.Execute("create table public.commits (number int)");
        await app.Owner.Execute(Hold("groups.invitations"));
        await using (await LockAsync(app))
        {
            var inviting = invite();
            await Eventually.Is(() => app.Owner.Scalar<bool>(Held, "%groups"));
            await StandbyIsAwayAsync(app);
            return inviting;
        }
    }

    private static async Task StandbyIsAwayAsync(TestApp app)
    {
        await app.Owner.Execute("alter system set synchronous_standby_names = 'nobody'");
        await app.Owner.Execute("select pg_reload_conf()");
        await Eventually.Is(() => CommitsWaitAsync(app));
    }

    private static async Task StandbyIsNotAskedAsync(TestApp app)
    {
        await app.Owner.Execute("alter system reset synchronous_standby_names");
        await app.Owner.Execute("select pg_reload_conf()");
    }

    /// <summary>Whether the server has taken up that a commit waits.</summary>
    private static async Task<bool> CommitsWaitAsync(TestApp app)
    {
        await using var session = new NpgsqlConnection($"{app.ConnectionString};Pooling=false");
        await session.OpenAsync();
        await using var command = new NpgsqlCommand("insert into public.commits values (1)", session);
        var commit = command.ExecuteNonQueryAsync();
        await Eventually.Is(async () =>
            commit.IsCompleted
            || await app.Owner.Scalar<bool>(
                "select exists (select from pg_stat_activity where pid = $1 and wait_event = 'SyncRep')",
                session.ProcessID
            )
        );
        if (commit.IsCompletedSuccessfully)
            return false;
        await app.Owner.Execute("select pg_terminate_backend($1)", session.ProcessID);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => commit);
        return true;
    }

    private static async Task<IAsyncDisposable> LockAsync(TestApp app)
    {
        // In a pool it would go on, and keep the lock.
        var session = new NpgsqlConnection($"{app.ConnectionString};Pooling=false");
        await session.OpenAsync();
        await using var take = new NpgsqlCommand("select pg_advisory_lock(49)", session);
        await take.ExecuteNonQueryAsync();
        return session;
    }

    private static bool IsAboutAnInvitation(string line) => line.Contains("UserInvited", StringComparison.Ordinal);

    private static Task Tries(TestApp app, long number) =>
        Eventually.Is(async () => await app.Owner.Scalar<long>("select last_value from public.tries") >= number);

    private static async Task Invite(Group group, Person person) =>
        (await InviteAsync(group.Owner.Api, group, person)).Should(201);

    private static Task<Answer> InviteAsync(ApiClient owner, Group group, Person person) =>
        owner.Post($"{group.Path}/members", Group.Member(person.Email, "reception"));

    private async Task AreNotified(TestApp app, Person[] people)
    {
        var waited = Stopwatch.StartNew();
        foreach (var person in people)
            await IsNotified(app, person);
        await app.SettlesAsync();
        figures.WriteLine($"all handled {waited.Elapsed.TotalSeconds:0.0} s after the fault ended");
        Assert.True(waited.Elapsed < Limit, $"{waited.Elapsed}");
        Assert.Equal(0, await app.Owner.Scalar<long>(DeadLetters));
    }

    private static Task IsNotified(TestApp app, Person person, TimeSpan? limit = null) =>
        Eventually.Is(
            async () =>
                await app.Owner.Scalar<long>(
                    "select count(*) from users.notifications where account_id = $1",
                    person.Id
                ) == 1,
            limit ?? Limit
        );
}
