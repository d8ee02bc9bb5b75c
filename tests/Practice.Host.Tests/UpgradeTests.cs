using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Practice.Shared.Audit;
using Practice.Shared.Hosting;
using Practice.Shared.Persistence;

namespace Practice.Host.Tests;

/// <summary>
/// A database that release 0.1 made is migrated with its people, patients, grants, audit and waiting messages. What is
/// in it was made over HTTP by that release; it was killed with messages unhandled and two dead-lettered.
/// </summary>
public sealed class UpgradeTests
{
    private const string GroupA = "/api/groups/01a21fbf-7f35-7d8c-b5eb-14546f9da5d1";
    private const string GroupB = "01a21fbf-80af-7e01-ac25-9877f45a10c2";
    private const string VerasAccount = "/api/portal/accounts/01a21fbf-9814-7b10-b29c-f26ae049d3c4";
    private const string PiasInvitation = "/api/invitations/01a21fbf-8d6a-7371-b88d-4b06755921c3";

    /// <summary>The key of the audit's seals, as that release derived it from its owner's password.</summary>
    private const string SealKey = "X/oOiyqNJHYtuVwFphuoxEmITBz3Z84MHrIH0z2Cf88=";

    private static readonly Lazy<Task<TestApp>> Upgraded = new(async () =>
    {
        var database = await LoadAsync();
        await new Sql(database).Execute( // as names came in before they were composed
            "update portal.patients set first_name = first_name || U&' Rene\\0301' where group_id::text = $1",
            GroupA[^36..]
        );
        await PracticeHost.SetUpDatabaseAsync(TestServer.DatabaseAt(database), CancellationToken.None);
        return await TestApp.StartAsync(
            new()
            {
                ConnectionString = database,
                Settings = new Dictionary<string, string?> { ["Audit:SealKey"] = SealKey },
            }
        );
    });

    [Theory]
    [InlineData("olive@example.com", "an owner of few words")]
    [InlineData("ada@example.com", "a password of her own")]
    [InlineData("ines@example.com", "ines keeps her own one")]
    [InlineData("ben@example.com", "ben chose this himself")]
    [InlineData("vera@example.com", "vera keeps her own one")]
    [InlineData("gil@example.com", "gil keeps his own one")]
    [InlineData("kay@example.com", "kay keeps her own one")]
    public async Task People_sign_in_with_the_passwords_they_had(string email, string password) =>
        await (await Upgraded.Value).SignIn(email, password);

    [Fact]
    public async Task A_temporary_password_must_still_be_changed()
    {
        var app = await Upgraded.Value;
        var rita = await app.Api.Post(
            "/api/users/sign-in",
            new { email = "rita@example.com", password = "a temporary one for rita" }
        );
        Assert.True(rita.Should(200)["mustChangePassword"].GetBoolean());
    }

    [Fact]
    public async Task Two_factors_and_recovery_codes_still_hold()
    {
        var app = await Upgraded.Value;
        (await SignIn(null)).Should(401, "users.code_required");
        (await SignIn(Authenticator.Code("KLKMZBGS4HG4N3NR3C5RFRNI5TBLTQF5"))).Should(200);
        (await SignIn("HY55J-T2XX3")).Should(200);
        (await SignIn("7RYPB-Q8DKW")).Should(401); // was used before

        Task<Answer> SignIn(string? code) =>
            app.Api.Post(
                "/api/users/sign-in",
                new
                {
                    email = "oscar@example.com",
                    password = "oscar has his own words",
                    code,
                }
            );
    }

    [Fact]
    public async Task A_session_goes_on()
    {
        var app = await Upgraded.Value;
        var olive = app.Api.WithToken("6OUZD-nqje7t1qKHaYCwIbxUaB3reCQ-sERswAbOhlU");
        (await olive.Get("/api/groups")).Should(200);
        (
            await app.Api.Post(
                "/api/users/refresh",
                new { refreshToken = "m-uljV2SuNw8tVSt7Mh6pK62mjei3V3A7wskYZHLMww" }
            )
        ).Should(200);
    }

    [Fact]
    public async Task Members_keep_access_level_and_status()
    {
        var olive = await (await Upgraded.Value).SignIn("olive@example.com", "an owner of few words");
        var members = (await olive.Get($"{GroupA}/members")).Should(200).Items.ToDictionary(Name);
        Assert.True(members["Olive"].GetProperty("owner").GetBoolean());
        Assert.Equal("clinical", members["Ada"].GetProperty("accessLevel").GetString());
        Assert.Equal("reception", members["Rita"].GetProperty("accessLevel").GetString());
        Assert.Equal("deactivated", members["Dan"].GetProperty("status").GetString());
        Assert.Equal("manager", members["Ben"].GetProperty("accessLevel").GetString());

        static string Name(JsonElement member) => member.GetProperty("firstName").GetString()!;
    }

    [Fact]
    public async Task Patients_keep_their_records()
    {
        var app = await Upgraded.Value;
        var olive = await app.SignIn("olive@example.com", "an owner of few words");
        var patients = (await olive.Get($"{GroupA}/patients")).Should(200).Items;
        Assert.Equal(3, patients.Count);
        Assert.All(patients, patient =>
            Assert.EndsWith(" René", patient.GetProperty("firstName").GetString(), StringComparison.Ordinal)
        );
        foreach (var patient in patients) // those rows were there before what finds them
            Assert.Contains(
                patient.GetProperty("id").GetGuid(),
                (await olive.Get($"{GroupA}/patients?search={patient.GetProperty("lastName")}")).Items.Select(item =>
                    item.GetProperty("id").GetGuid()
                )
            );

        var vera = await app.SignIn("vera@example.com", "vera keeps her own one");
        Assert.Equal(4, (await vera.Get($"{VerasAccount}/appointments")).Should(200).Items.Count);
        Assert.Equal(2, (await vera.Get($"{VerasAccount}/invoices")).Should(200).Items.Count);
        Assert.Equal(3, (await vera.Get($"{VerasAccount}/clinical-records")).Should(200).Items.Count);
    }

    [Fact]
    public async Task Grants_reach_as_far_as_before()
    {
        var app = await Upgraded.Value;
        var ben = await app.SignIn("ben@example.com", "ben chose this himself");
        (await ben.Get($"{VerasAccount}/appointments")).Should(200);
        (await ben.Get($"{VerasAccount}/clinical-records")).Should(403, "portal.clinical_not_granted");
        var kay = await app.SignIn("kay@example.com", "kay keeps her own one");
        (await kay.Get($"{VerasAccount}/appointments")).Should(403, "portal.grant_not_current");
        var vera = await app.SignIn("vera@example.com", "vera keeps her own one");
        var statuses = (await vera.Get($"{VerasAccount}/access"))
            .Should(200)
            .Items.Select(grant => grant.GetProperty("status").GetString())
            .Order(StringComparer.Ordinal);
        Assert.Equal(["current", "current", "current", "disabled", "pending"], statuses);
    }

    [Fact]
    public async Task An_invitation_can_be_accepted()
    {
        var app = await Upgraded.Value;
        var pia = await app.SignIn("pia@example.com", "pia keeps her own one");
        (await pia.Post($"{PiasInvitation}/accept")).Should(204);
    }

    [Fact]
    public async Task The_audit_is_as_it_was_written_and_goes_on()
    {
        var app = await Upgraded.Value;
        var olive = await app.SignIn("olive@example.com", "an owner of few words");
        Assert.NotEmpty((await olive.Get($"{GroupA}/audit")).Should(200).Items);

        var result = await app.Services.GetRequiredService<AuditHashChain>().VerifyAsync(null, CancellationToken.None);
        Assert.Empty(result.Faults);
        Assert.True(result.Entries >= 125, $"Only {result.Entries} entries are sealed.");
    }

    /// <summary>
    /// Messages that the old release had not handled, by types and handlers that have other names now.
    /// </summary>
    [Fact]
    public async Task Messages_that_were_waiting_are_handled()
    {
        var app = await Upgraded.Value;
        await Eventually.Is(async () =>
            await app.Owner.Scalar<string>(
                "select min(practice_name) from portal.patients where group_id = $1",
                Guid.Parse(GroupB)
            ) == "Elm Road Clinic"
        );
        await Eventually.Is(async () =>
            await app.Owner.Scalar<string>("select min(last_name) from groups.memberships where first_name = 'Ines'")
            == "Vale-Moor"
        );
        await app.Mail.WaitFor("vera@example.com", "password");
        Assert.Equal(0, await app.Owner.Scalar<long>(Unknown));
    }

    /// <summary>
    /// Dead letters, and what is scheduled: an onboarding mail for tomorrow, a guardian's warning in some years.
    /// </summary>
    [Fact]
    public async Task Messages_that_failed_or_are_scheduled_are_handled_in_their_time()
    {
        var database = await LoadAsync();
        await PracticeHost.SetUpDatabaseAsync(TestServer.DatabaseAt(database), CancellationToken.None);
        await using var app = await TestApp.StartAsync(new() { ConnectionString = database });
        await app.Owner.Execute("update messaging.wolverine_dead_letters set replayable = true");
        await Eventually.Is(async () =>
            await app.Owner.Scalar<long>("select count(*) from messaging.wolverine_dead_letters") == 0
        );

        await app.PassesAsync(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));
        await Eventually.Is(async () =>
            await app.Owner.Scalar<long>("select count(*) from users.onboarding where steps_done = 1") > 0
        );
        await app.PassesAsync(TimeSpan.FromDays(15 * 366));
        await app.Mail.WaitFor("vera@example.com", "Mia");
        Assert.Empty(
            await app.Owner.Rows(
                "select message_type, exception_type, exception_message from messaging.wolverine_dead_letters"
            )
        );
    }

    /// <summary>
    /// A host of the release before, which runs beside this one and dies, has left an event in a queue that this one
    /// does not read.
    /// </summary>
    [Fact]
    public async Task An_event_in_a_queue_of_the_release_before_is_handled()
    {
        const string former = "local://practice.contracts.groups.userinvited/";
        var app = await Upgraded.Value;
        var olive = await app.SignIn("olive@example.com", "an owner of few words");
        await app.Owner.Execute(
            """
            create function public.fail() returns trigger language plpgsql as
                $$ begin raise exception 'this message fails'; end $$;
            create trigger fail before insert on users.notifications for each row execute function public.fail();
            """
        );
        var invited = await app.SignUpAndConfirm();
        (await olive.Post($"{GroupA}/members", Group.Member(invited.Email, "reception"))).Should(201);
        await Eventually.Is(async () => await app.Owner.Scalar<long>(Failed) == 1);
        await app.Owner.Execute("drop trigger fail on users.notifications");

        // As that host stores it: the message is a real one, in the queue of before.
        await app.Owner.Execute(
            """
            update messaging.wolverine_dead_letters set received_at = $1, replayable = true
            where message_type like '%UserInvited'
            """,
            former
        );
        await Eventually.Is(async () =>
            await app.Owner.Scalar<long>("select count(*) from users.notifications where account_id = $1", invited.Id)
            == 1
        );
        await app.Mail.WaitFor(invited.Email, "invit");
        Assert.Equal(0, await app.Owner.Scalar<long>(Failed));
    }

    /// <summary>
    /// Who waits for a table's lock holds up all who come after. A backup or a report reads every table for long; a
    /// message that is being handled writes to the queues.
    /// </summary>
    [Theory]
    [InlineData(true, "access share", "select 1 from {0} limit 1")]
    [InlineData(false, "row exclusive", "update {0} set id = id where false")]
    public async Task Calls_go_on_while_a_migration_waits_for_a_table(bool isEarlier, string mode, string call)
    {
        var connectionString = isEarlier ? await LoadAsync() : await TestServer.NewDatabaseAsync();
        string[] tables = isEarlier
            ? ["groups.memberships", "portal.patients", "portal.invoices", "users.accounts", "audit.entries"]
            : ["messaging.wolverine_incoming_envelopes"];
        await using var other = new NpgsqlConnection(connectionString);
        await other.OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await using var hold = new NpgsqlCommand($"lock table {string.Join(", ", tables)} in {mode} mode", other);
        await hold.ExecuteNonQueryAsync();

        var told = new TaskCompletionSource<string>();
        await using var database = TestServer.DatabaseAt(connectionString);
        var migrating = new DatabaseSetup(database, ModuleCatalogue.Find(), MessagingTables.CreateAsync, said =>
            told.TrySetResult(said)
        ).RunAsync(CancellationToken.None);
        var calls = new Sql($"{connectionString};Options=-c lock_timeout=2s");
        var patience = Stopwatch.StartNew();
        while (!told.Task.IsCompleted)
        {
            Assert.True(patience.Elapsed < TimeSpan.FromMinutes(2), "Nobody is told what the migration waits for.");
            Assert.False(migrating.IsCompleted, $"{migrating.Exception}");
            foreach (var table in tables)
                await calls.Execute(string.Format(CultureInfo.InvariantCulture, call, table));
        }

        Assert.Matches(
            $"^Waiting for a lock on a table: server process {other.ProcessID} .*has used .* since .*Calls go on",
            await told.Task
        );
        await transaction.RollbackAsync();
        await migrating;
    }

    private const string Failed =
        "select count(*) from messaging.wolverine_dead_letters where message_type like '%UserInvited'";

    [Fact]
    public async Task Setting_up_again_changes_nothing()
    {
        var app = await Upgraded.Value;
        var before = await Functions(app);
        await PracticeHost.SetUpDatabaseAsync(TestServer.DatabaseAt(app.ConnectionString), CancellationToken.None);
        Assert.Equal(before, await Functions(app));
        Assert.DoesNotContain(before, name => name.StartsWith("enter", StringComparison.Ordinal));
    }

    /// <summary>Messages in queues that this build does not have would wait there forever.</summary>
    private const string Unknown = """
        select count(*) from messaging.wolverine_incoming_envelopes
        where received_at like '%.reactions.%handler/' and status <> 'Handled'
        """;

    private static async Task<List<string>> Functions(TestApp app) =>
        (
            await app.Owner.Rows(
                "select proname::text from pg_proc where pronamespace = 'authority'::regnamespace order by 1"
            )
        ).ConvertAll(row => (string)row[0]!);

    /// <summary>The database as the old release left it, as old as half a minute.</summary>
    private static async Task<string> LoadAsync()
    {
        var database = await TestServer.NewEmptyDatabaseAsync();
        await LoadIntoAsync(new Sql(database));
        return database;
    }

    /// <summary>What release 0.1 has left, in an empty database.</summary>
    internal static async Task LoadIntoAsync(Sql database)
    {
        foreach (var file in (string[])["schema", "data", "freshen"])
            await database.Execute(
                await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Upgrade", $"{file}.sql"))
            );
    }
}
