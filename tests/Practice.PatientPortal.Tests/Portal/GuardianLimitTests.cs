using System.Globalization;

namespace Practice.PatientPortal.Tests.Portal;

/// <summary>Access that guardians gave reaches no further than their own, and ends with it.</summary>
public sealed class GuardianLimitTests
{
    [Fact]
    public async Task Access_given_by_guardians_is_limited_and_ends_with_the_dependants_ages()
    {
        await using var app = await TestApp.StartAsync(
            new()
            {
                Settings = new Dictionary<string, string?>
                {
                    ["Portal:ClinicalAge"] = "14",
                    ["Portal:AdultAge"] = "15",
                    ["Portal:TimeZone"] = "UTC",
                },
            }
        );
        var (parent, other, friend) = (await app.NewHolder(), await app.NewHolder(), await app.NewHolder());
        var turnsFourteen = DateOnly.FromDateTime(app.Clock.GetUtcNow().UtcDateTime).AddDays(5);
        var child = await parent.AddsDependant(Day(turnsFourteen.AddYears(-14)));
        await child.AddsGuardian(other.Person);
        foreach (var email in new[] { friend.Email, other.Email })
            (
                await child.Api.Post(
                    $"{child.Path}/access",
                    new
                    {
                        email,
                        role = "edit",
                        level = "clinical",
                    }
                )
            ).Should(202);
        await app.SettlesAsync();
        (await friend.Api.Get($"{child.Path}/clinical-records")).Should(200);

        await app.PassesAsync(TimeSpan.FromDays(6));
        (child, other, friend) = (await child.SignsInAgain(), await other.SignsInAgain(), await friend.SignsInAgain());
        foreach (var person in new[] { child, other, friend })
        {
            (await person.Api.Get($"{child.Path}/clinical-records")).Should(403, "portal.clinical_not_granted");
            (await person.Api.Get($"{child.Path}/appointments")).Should(200);
            Assert.EndsWith(
                " edit administrative",
                (await person.Person.Accounts())[child.AccountId],
                StringComparison.Ordinal
            );
        }

        Assert.Equal("administrative", (await friend.Asked()).Single().GetProperty("level").GetString());
        var grant = (await child.Sees(friend.Email)).Id;
        (await child.Decides(grant, "current", "edit", "clinical")).Should(403, "portal.clinical_not_granted");
        (
            await child.Api.Post(
                $"{child.Path}/access",
                new
                {
                    email = People.NewEmail(),
                    role = "view",
                    level = "clinical",
                }
            )
        ).Should(403, "portal.clinical_not_granted");
        (await child.Decides(grant, "current", "edit", "administrative", Day(turnsFourteen.AddYears(10)))).Should(204);

        await app.PassesAsync(
            turnsFourteen.AddYears(1).ToDateTime(TimeOnly.MinValue)
                - app.Clock.GetUtcNow().UtcDateTime
                + TimeSpan.FromMinutes(1)
        );
        foreach (
            var person in new[] { await child.SignsInAgain(), await other.SignsInAgain(), await friend.SignsInAgain() }
        )
        {
            (await person.Api.Get(child.Path)).Should(403, "portal.grant_not_current");
            Assert.DoesNotContain(child.AccountId, (await person.Person.Accounts()).Keys);
        }

        Assert.Equal(
            "disabled",
            (await (await friend.SignsInAgain()).Asked()).Single().GetProperty("status").GetString()
        );
    }

    [Fact]
    public async Task Taking_over_an_account_ends_all_access_and_the_person_decides_again()
    {
        await using var app = await TestApp.StartAsync();
        var (clinic, guardian, friend) = (await Clinic.New(app), await app.NewHolder(), await app.NewHolder());
        var adult = await guardian.AddsDependant("1990-05-01", "legalGuardian");
        var (email, waiting) = (People.NewEmail(), People.NewEmail());
        var patient = await clinic.AddsPatient("1990-05-01", email);
        var until = Day(DateOnly.FromDateTime(app.Clock.GetUtcNow().UtcDateTime).AddDays(40));
        (
            await guardian.Api.Post(
                "/api/portal/claims",
                new
                {
                    token = await clinic.Invites(patient, guardian.Email, guardian: true, until),
                    accountId = adult.AccountId,
                }
            )
        ).Should(204);
        foreach (var to in new[] { friend.Email, waiting })
            (
                await adult.Api.Post(
                    $"{adult.Path}/access",
                    new
                    {
                        email = to,
                        role = "edit",
                        level = "clinical",
                    }
                )
            ).Should(202);
        await app.SettlesAsync();
        (await friend.Api.Get(adult.Path)).Should(200);

        var person = await app.SignUpAndConfirm(email);
        (await person.Claims(await clinic.Invites(patient, email), dateOfBirth: "1990-05-01")).Should(204);
        var own = adult.OpenedBy(person);
        (await friend.Api.Get(adult.Path)).Should(403, "portal.grant_not_current");
        (await guardian.Api.Get(adult.Path)).Should(403, "portal.grant_not_current");
        (await (await app.SignUpAndConfirm(waiting)).Api.Get(adult.Path)).Should(404);
        await app.SettlesAsync();
        Assert.All(await own.Api.GetAll($"{own.Path}/access"), item =>
            Assert.Equal("disabled", item.GetProperty("status").GetString())
        );
        var shown = (await friend.Asked()).Single();
        Assert.Equal(
            ("disabled", "Robin Little"), // as the guardian called them: the person's own name is none of the friend's
            (shown.GetProperty("status").GetString(), shown.GetProperty("name").GetString())
        );

        (await own.Decides((await own.Sees(friend.Email)).Id, "current", "view", "clinical")).Should(204);
        (await friend.Api.Get(adult.Path)).Should(200);
    }

    [Fact]
    public async Task Access_given_by_a_legal_guardian_lasts_until_the_verified_last_day()
    {
        await using var app = await TestApp.StartAsync(
            new() { Settings = new Dictionary<string, string?> { ["Portal:TimeZone"] = "UTC" } }
        );
        var (clinic, guardian, friend) = (await Clinic.New(app), await app.NewHolder(), await app.NewHolder());
        var adult = await guardian.AddsDependant("1990-05-01", "legalGuardian");
        var today = DateOnly.FromDateTime(app.Clock.GetUtcNow().UtcDateTime);
        var first = await clinic.AddsPatient("1990-05-01");
        (
            await guardian.Api.Post(
                "/api/portal/claims",
                new
                {
                    token = await clinic.Invites(first, guardian.Email, guardian: true, Day(today.AddDays(5))),
                    accountId = adult.AccountId,
                }
            )
        ).Should(204);
        (
            await adult.Api.Post(
                $"{adult.Path}/access",
                new
                {
                    email = friend.Email,
                    role = "view",
                    level = "clinical",
                }
            )
        ).Should(202);
        await app.SettlesAsync();
        var second = await clinic.AddsPatient("1990-05-01");
        (
            await guardian.Api.Post(
                "/api/portal/claims",
                new
                {
                    token = await clinic.Invites(second, guardian.Email, guardian: true, Day(today.AddDays(9))),
                    accountId = adult.AccountId,
                }
            )
        ).Should(204);

        await app.PassesAsync(TimeSpan.FromDays(7));
        friend = await friend.SignsInAgain();
        (await friend.Api.Get($"{adult.Path}/clinical-records")).Should(200);
        await app.PassesAsync(TimeSpan.FromDays(4));
        (await (await friend.SignsInAgain()).Api.Get(adult.Path)).Should(403, "portal.grant_not_current");
    }

    [Fact]
    public async Task Guardians_past_the_age_see_no_access_log_entry_of_clinical_records()
    {
        await using var app = await TestApp.StartAsync();
        var (clinic, parent) = (await Clinic.New(app), await app.NewHolder());
        var turnsFourteen = DateOnly.FromDateTime(app.Clock.GetUtcNow().UtcDateTime).AddDays(5);
        var born = Day(turnsFourteen.AddYears(-14));
        var child = await parent.AddsDependant(born);
        var patient = await clinic.AddsPatient(born);
        (
            await parent.Api.Post(
                "/api/portal/claims",
                new { token = await clinic.Invites(patient, parent.Email, guardian: true), accountId = child.AccountId }
            )
        ).Should(204);
        var (_, _, record) = await clinic.AddsRecords(patient);
        (await clinic.Api.Get($"{clinic.Path}/patients/{patient}/clinical-records/{record}")).Should(200);
        Assert.Contains((await child.Api.Get($"{child.Path}/access-log")).Items, entry =>
            entry.GetProperty("opened").GetString() == "clinicalRecord"
        );

        await app.PassesAsync(TimeSpan.FromDays(7));
        child = await child.SignsInAgain();
        (
            await (await clinic.Practitioner.SignsInAgain()).Api.Get(
                $"{clinic.Path}/patients/{patient}/clinical-records"
            )
        ).Should(200);
        (await (await clinic.Practitioner.SignsInAgain()).Api.Get($"{clinic.Path}/patients/{patient}")).Should(200);
        var log = (await child.Api.Get($"{child.Path}/access-log")).Should(200);
        Assert.Contains(log.Items, entry => entry.GetProperty("opened").GetString() == "patient");
        Assert.DoesNotContain("clinical", log.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain($"{record}", log.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_request_to_be_a_guardian_expires_after_thirty_days()
    {
        await using var app = await TestApp.StartAsync();
        var child = await (await app.NewHolder()).AddsDependant("2019-05-01");
        var mistyped = People.NewEmail();
        (await child.Api.Post($"{child.Path}/guardians", new { email = mistyped, relationship = "parent" })).Should(
            202
        );
        await app.PassesAsync(TimeSpan.FromDays(31));
        var stranger = await app.SignUpAndConfirm(mistyped);
        await app.SettlesAsync();
        (await stranger.Api.Get(child.Path)).Should(404);
        Assert.Empty(await stranger.Api.GetAll("/api/portal/guardianships"));
    }

    [Fact]
    public async Task People_who_never_answered_leave_room_for_other_guardians()
    {
        await using var app = await TestApp.StartAsync();
        var child = await (await app.NewHolder()).AddsDependant("2019-05-01");
        for (var asked = 0; asked < 9; asked++)
            (await Add()).Should(202);
        Assert.Equal(
            "This account already has 10 guardians, including people who have not answered yet.",
            (await Add()).Should(409, "portal.too_many_guardians")["detail"].GetString()
        );

        await app.PassesAsync(TimeSpan.FromDays(31));
        child = await child.SignsInAgain();
        (await Add()).Should(202);

        Task<Answer> Add() =>
            child.Api.Post($"{child.Path}/guardians", new { email = People.NewEmail(), relationship = "parent" });
    }

    [Fact]
    public async Task A_person_runs_twenty_accounts_at_most()
    {
        var parent = await (await TestApp.StartedAsync()).NewHolder();
        for (var added = 0; added < 20; added++)
            await parent.AddsDependant("2019-05-01");
        var child = new
        {
            firstName = "Mia",
            lastName = "Little",
            dateOfBirth = "2019-05-01",
            relationship = "parent",
        };
        Assert.Equal(
            "You already run 20 accounts. That is the maximum.",
            (await parent.Api.Post("/api/portal/dependants", child))
                .Should(409, "portal.too_many_dependants")["detail"]
                .GetString()
        );
    }

    [Fact]
    public async Task Other_guardians_and_the_practice_see_a_guardians_changed_name()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, parent) = (await Clinic.New(app), await app.NewHolder());
        var child = await parent.AddsDependant("2019-05-01");
        var patient = await clinic.AddsPatient("2019-05-01");
        (
            await parent.Api.Post(
                "/api/portal/claims",
                new { token = await clinic.Invites(patient, parent.Email, guardian: true), accountId = child.AccountId }
            )
        ).Should(204);
        (await parent.Api.Change("/api/users/me", new { firstName = "Renamed", lastName = "Parent" })).Should(204);
        await Eventually.Is(async () =>
            (await child.Api.Get($"{child.Path}/guardians")).Items.Single().GetProperty("name").GetString()
            == "Renamed Parent"
        );
        (await child.Api.Put($"{child.Path}/details", new { phone = "0400 000 002" }, "*")).Should(204);
        Assert.Equal(
            "Renamed Parent",
            (await clinic.Api.Get($"{clinic.Path}/requests")).Items.Single().GetProperty("sentByName").GetString()
        );
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
