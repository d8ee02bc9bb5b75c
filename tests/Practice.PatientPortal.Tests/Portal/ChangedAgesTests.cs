using System.Globalization;
using Npgsql;

namespace Practice.PatientPortal.Tests.Portal;

/// <summary>An operator can change the ages. They count from the next start, for all existing access too.</summary>
public sealed class ChangedAgesTests
{
    [Fact]
    public async Task A_changed_age_counts_from_the_next_start_for_guardians_and_for_the_access_they_gave()
    {
        var app = await Start(clinical: 16);
        var (clinic, parent, friend) = (await Clinic.New(app), await app.NewHolder(), await app.NewHolder());
        var born = Day(Today.AddYears(-15));
        var child = await parent.AddsDependant(born);
        var patient = await clinic.AddsPatient(born);
        (
            await parent.Api.Post(
                "/api/portal/claims",
                new { token = await clinic.Invites(patient, parent.Email, guardian: true), accountId = child.AccountId }
            )
        ).Should(204);
        await clinic.AddsRecords(patient);
        (
            await child.Api.Post(
                $"{child.Path}/access",
                new
                {
                    email = friend.Email,
                    role = "view",
                    level = "clinical",
                }
            )
        ).Should(202);
        await app.SettlesAsync();

        await Sees(clinical: true);
        app = await Restart(app, clinical: 14);
        await Sees(clinical: false);
        app = await Restart(app, clinical: 16);
        await Sees(clinical: true);
        app = await Restart(app, clinical: 14, adult: 15);
        foreach (var person in new[] { parent.Person, friend.Person })
            (await (await On(app, person)).Api.Get($"{child.Path}/appointments")).Should(
                403,
                "portal.grant_not_current"
            );
        app = await Restart(app, clinical: 16);
        await Sees(clinical: true);
        await app.DisposeAsync();

        async Task Sees(bool clinical)
        {
            foreach (var person in new[] { parent.Person, friend.Person })
            {
                var api = (await On(app, person)).Api;
                Assert.Single((await api.Get($"{child.Path}/appointments")).Should(200).Items);
                var records = await api.Get($"{child.Path}/clinical-records");
                if (clinical)
                    Assert.Single(records.Should(200).Items);
                else
                    records.Should(403, "portal.clinical_not_granted");
            }
        }
    }

    [Fact]
    public async Task A_start_with_the_same_ages_writes_nothing()
    {
        var app = await Start(clinical: 14);
        var (parent, friend) = (await app.NewHolder(), await app.NewHolder());
        var child = await parent.AddsDependant(Day(Today.AddYears(-10)));
        (
            await child.Api.Post(
                $"{child.Path}/access",
                new
                {
                    email = friend.Email,
                    role = "view",
                    level = "clinical",
                }
            )
        ).Should(202);
        await parent.GivesAccess(friend);
        await app.SettlesAsync();

        var before = await Written();
        app = await Restart(app, clinical: 14);
        Assert.Equal(before, await Written());
        app = await Restart(app, clinical: 16);
        var other = await Written();
        Assert.NotEqual(before, other);
        app = await Restart(app, clinical: 16);
        Assert.Equal(other, await Written());
        await app.DisposeAsync();

        async Task<string> Written() =>
            string.Join(
                '\n',
                (
                    await app.Owner.Rows(
                        """
                        select 'access', account_id, user_id, relation, xmin::text from authority.portal_access
                        union all select 'audit', id, null, act, xmin::text from audit.entries
                        union all select 'message', id, null, message_type, null
                        from messaging.wolverine_incoming_envelopes where message_type like '%PatientPortal%'
                        order by 1, 2, 3, 4
                        """
                    )
                ).Select(row => string.Join(' ', row))
            );
    }

    [Fact]
    public async Task Access_written_by_a_host_with_the_old_ages_is_recalculated_at_the_next_start()
    {
        await using var old = await Start(clinical: 14);
        var parent = await old.NewHolder();
        await using var renewed = await Start(clinical: 16, old);
        var child = await parent.AddsDependant(Day(Today.AddYears(-15)));
        (await child.Api.Get($"{child.Path}/clinical-records")).Should(403, "portal.clinical_not_granted");
        await using var next = await Start(clinical: 16, old);
        (await child.Api.Get($"{child.Path}/clinical-records")).Should(200);
    }

    [Fact]
    public async Task A_start_that_fails_midway_keeps_its_progress_and_the_next_one_continues()
    {
        var app = await Start(clinical: 14);
        var parent = await app.NewHolder();
        var children = new List<Holder>();
        for (var made = 0; made < 12; made++)
            children.Add(await parent.AddsDependant(Day(Today.AddYears(-15))));
        await app.Owner.Execute(
            $$"""
            create function public.fail() returns trigger language plpgsql as
                $$ begin raise exception 'the power goes'; end $$;
            create trigger fail before update on authority.portal_access
                for each row when (new.account_id = '{{children[^1].AccountId}}') execute function public.fail();
            """
        );
        await app.DisposeAsync();

        var stopped = await Assert.ThrowsAnyAsync<Exception>(() => Start(clinical: 16, app));
        Assert.Contains("the power goes", stopped.ToString(), StringComparison.Ordinal);
        var done = await Done();
        Assert.InRange(done.Count, 1, children.Count - 1);

        await app.Owner.Execute("drop function public.fail() cascade");
        await using var next = await Start(clinical: 16, app);
        parent = parent with { Person = await On(next, parent.Person) };
        foreach (var child in children)
            (await parent.Api.Get($"{child.Path}/clinical-records")).Should(200);
        var all = await Done();
        Assert.Equal(children.Count, all.Count);
        Assert.Subset(all, done);

        async Task<HashSet<string>> Done() =>
            [
                .. (
                    await app.Owner.Rows(
                        "select account_id, xmin::text from authority.portal_access where clinical_age = 16"
                    )
                ).Select(row => $"{row[0]} {row[1]}"),
            ];
    }

    [Fact]
    public async Task When_two_hosts_start_at_once_one_recalculates_and_the_other_waits()
    {
        await using var app = await Start(clinical: 14);
        var parent = await app.NewHolder();
        var child = await parent.AddsDependant(Day(Today.AddYears(-15)));

        await using var busy = new NpgsqlConnection(app.ConnectionString);
        await busy.OpenAsync();
        await using var transaction = await busy.BeginTransactionAsync();
        await using (
            var hold = new NpgsqlCommand("select from portal.accounts where id = $1 for update", busy)
            {
                Parameters = { new() { Value = child.AccountId } },
            }
        )
            await hold.ExecuteNonQueryAsync();

        var starts = new[] { Start(clinical: 16, app), Start(clinical: 16, app) };
        await Eventually.Is(async () =>
            await app.Owner.Scalar<long>(
                """
                select count(*) from pg_stat_activity
                where datname = current_database() and wait_event_type = 'Lock' and usename = 'practice_portal'
                """
            ) == 2
        );
        Assert.All(starts, start => Assert.False(start.IsCompleted)); // neither takes calls yet
        await transaction.RollbackAsync();

        foreach (var host in await Task.WhenAll(starts))
            await host.DisposeAsync();
        Assert.Equal(
            1,
            await app.Owner.Scalar<long>(
                "select count(*) from audit.entries where act = 'portal.ages_changed' and subject_id = $1",
                child.AccountId
            )
        );
        (await child.Api.Get($"{child.Path}/clinical-records")).Should(200);
    }

    [Fact]
    public async Task Guardians_are_warned_of_a_changed_age_and_never_twice_of_the_same_day()
    {
        var app = await Start(clinical: 16);
        var (parent, late) = (await app.NewHolder(), await app.NewHolder());
        await parent.AddsDependant(Day(Today.AddDays(70).AddYears(-14)));
        await late.AddsDependant(Day(Today.AddDays(30).AddYears(-14)));
        await app.SettlesAsync();
        await Warned(0, 0);

        app = await Restart(app, clinical: 14); // in 30 days: too late for a warning 60 days ahead, so it comes now
        await Warned(0, 1);
        Assert.Contains("in 30 days", (await Warnings(late)).Single(), StringComparison.Ordinal);
        app = await Restart(await Restart(app, clinical: 16), clinical: 14);
        app = await Restart(app, clinical: 14, adult: 19);
        await Warned(0, 1);
        await app.PassesAsync(TimeSpan.FromDays(11));
        await Warned(1, 1);
        await app.PassesAsync(TimeSpan.FromDays(6));
        await Warned(1, 2);
        await app.PassesAsync(TimeSpan.FromDays(40));
        await Warned(2, 2);
        await app.DisposeAsync();

        async Task Warned(int parents, int lates)
        {
            await app.SettlesAsync();
            Assert.Equal((parents, lates), ((await Warnings(parent)).Count, (await Warnings(late)).Count));
        }

        async Task<List<string>> Warnings(Holder holder) =>
            [
                .. (await (await On(app, holder.Person)).Api.Get("/api/users/me/notifications"))
                    .Items.Where(item => item.GetProperty("kind").GetString() == "guardianshipEnding")
                    .Select(item => item.GetProperty("body").GetString()!),
            ];
    }

    private static DateOnly Today => DateOnly.FromDateTime(DateTime.UtcNow);

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static Task<TestApp> Start(int clinical, TestApp? onDatabaseOf = null, int adult = 18) =>
        TestApp.StartAsync(
            new()
            {
                ConnectionString = onDatabaseOf?.ConnectionString,
                MailDirectory = onDatabaseOf?.Mail.Path,
                Settings = new Dictionary<string, string?>
                {
                    ["Portal:ClinicalAge"] = $"{clinical}",
                    ["Portal:AdultAge"] = $"{adult}",
                    ["Portal:TimeZone"] = "UTC",
                    ["Messaging:Mode"] = "Balanced",
                },
            }
        );

    private static async Task<TestApp> Restart(TestApp app, int clinical, int adult = 18)
    {
        await app.DisposeAsync();
        return await Start(clinical, app, adult);
    }

    /// <summary>The same person, signed in on the current host.</summary>
    private static Task<Person> On(TestApp app, Person person) => (person with { Host = app }).SignsInAgain();
}
