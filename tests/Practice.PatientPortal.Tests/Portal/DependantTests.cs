using System.Globalization;

namespace Practice.PatientPortal.Tests.Portal;

/// <summary>Parents and guardians run accounts for dependants, until an age or a last day.</summary>
public sealed class DependantTests
{
    private static readonly TimeZoneInfo Melbourne = TimeZoneInfo.FindSystemTimeZoneById("Australia/Melbourne");

    [Fact]
    public async Task A_parent_opens_an_account_for_a_child_and_switches_between_the_two()
    {
        var app = await TestApp.StartedAsync();
        var parent = await app.NewHolder();
        var child = await parent.AddsDependant("2019-05-01");
        var accounts = await parent.Person.Accounts();
        Assert.Equal("dependant edit clinical", accounts[child.AccountId]);
        Assert.Equal("self edit clinical", accounts[parent.AccountId]);
        var profile = (await child.Api.Get(child.Path)).Should(200);
        Assert.Equal(
            ("Robin", "2019-05-01", "dependant"),
            (profile["firstName"].GetString(), profile["dateOfBirth"].GetString(), profile["relation"].GetString())
        );
        Assert.Empty(profile["practices"].EnumerateArray());
        foreach (var records in new[] { "appointments", "invoices", "clinical-records", "health-notes" })
            Assert.Empty((await child.Api.Get($"{child.Path}/{records}")).Should(200).Items);
    }

    [Fact]
    public async Task Opening_an_account_for_a_dependant_takes_an_own_account()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        (
            await person.Api.Post(
                "/api/portal/dependants",
                new
                {
                    firstName = "Mia",
                    lastName = "Little",
                    dateOfBirth = "2019-05-01",
                    relationship = "parent",
                }
            )
        ).Should(403, "portal.account_required");
        var holder = await person.OpensAccount();
        (await holder.Api.Post("/api/portal/dependants", new { })).ShouldReject(
            "firstName",
            "lastName",
            "dateOfBirth",
            "relationship"
        );
        (
            await holder.Api.Post(
                "/api/portal/dependants",
                new
                {
                    firstName = "Mia",
                    lastName = "Little",
                    dateOfBirth = "2019-05-01",
                    relationship = "uncle",
                }
            )
        ).ShouldReject("relationship");
        (
            await holder.Api.Post(
                "/api/portal/dependants",
                new
                {
                    firstName = "Max",
                    lastName = "Big",
                    dateOfBirth = "1999-05-01",
                    relationship = "parent",
                }
            )
        ).Should(422, "portal.dependant_of_age");
    }

    [Fact]
    public async Task Several_guardians_decide_independently()
    {
        var app = await TestApp.StartedAsync();
        var (parent, other, friend) = (await app.NewHolder(), await app.SignUpAndConfirm(), await app.NewHolder());
        var child = await parent.AddsDependant("2019-05-01");
        await child.AddsGuardian(other, "guardian");
        Assert.Equal("dependant edit clinical", (await other.Accounts())[child.AccountId]);

        var second = child.OpenedBy(other);
        (
            await second.Api.Post(
                $"{child.Path}/access",
                new
                {
                    email = friend.Email,
                    role = "view",
                    level = "administrative",
                }
            )
        ).Should(202);
        await Eventually.Is(async () => (await friend.Api.Get(child.Path)).Status == 200);
        (await child.Decides((await child.Sees(friend.Email)).Id, "disabled")).Should(204);
        (await friend.Api.Get(child.Path)).Should(403, "portal.grant_not_current");

        var guardians = (await second.Api.Get($"{child.Path}/guardians")).Should(200).Items;
        Assert.Equal(["parent", "guardian"], guardians.Select(item => item.GetProperty("relationship").GetString()));
        // no guardian can remove another
        (await second.Api.Delete($"{child.Path}/guardians/{parent.Person.Id}")).Should(404);
        (
            await parent.Api.Post($"{parent.Path}/guardians", new { email = other.Email, relationship = "guardian" })
        ).Should(409, "portal.not_a_dependant");
    }

    [Fact]
    public async Task Who_is_asked_at_an_address_without_an_account_can_accept_once_they_have_confirmed_it()
    {
        var app = await TestApp.StartedAsync();
        var child = await (await app.NewHolder()).AddsDependant("2019-05-01");
        var email = People.NewEmail();
        (await child.Api.Post($"{child.Path}/guardians", new { email, relationship = "parent" })).Should(202);
        var person = await app.SignUpAndConfirm(email);
        await person.AcceptsGuardianship();
        (await person.Api.Get(child.Path)).Should(200);
    }

    [Theory]
    [InlineData("05-01")]
    [InlineData("02-29")]
    public async Task At_fourteen_clinical_access_is_suspended_and_at_eighteen_guardianship_ends_with_warnings_before(
        string birthday
    )
    {
        await using var app = await TestApp.StartAsync();
        var parent = await app.NewHolder();
        var year = app.Clock.GetUtcNow().Year - 13;
        while (birthday == "02-29" && !DateTime.IsLeapYear(year))
            year++;
        var child = await parent.AddsDependant($"{year}-{birthday}");
        var celebrated = birthday == "02-29" ? "02-28" : birthday;

        await Until(app, $"{year + 14}-{celebrated}", before: TimeSpan.FromMinutes(2));
        child = await child.SignsInAgain();
        (await child.Api.Get($"{child.Path}/clinical-records")).Should(200);
        await app.PassesAsync(TimeSpan.FromMinutes(4));
        (await child.Api.Get($"{child.Path}/clinical-records")).Should(403, "portal.clinical_not_granted");
        (await child.Api.Get($"{child.Path}/appointments")).Should(200);
        Assert.Equal("dependant edit administrative", (await child.Person.Accounts())[child.AccountId]);

        await Until(app, $"{year + 18}-{celebrated}", before: TimeSpan.FromMinutes(2));
        child = await child.SignsInAgain();
        (await child.Api.Get(child.Path)).Should(200);
        await app.PassesAsync(TimeSpan.FromMinutes(4));
        (await child.Api.Get(child.Path)).Should(403, "portal.grant_not_current");
        Assert.DoesNotContain(child.AccountId, (await child.Person.Accounts()).Keys);
    }

    [Fact]
    public async Task The_ages_are_configured_and_count_in_the_accounts_own_time_zone()
    {
        await using var app = await TestApp.StartAsync(
            new()
            {
                Settings = new Dictionary<string, string?>
                {
                    ["Portal:ClinicalAge"] = "2",
                    ["Portal:AdultAge"] = "3",
                    ["Portal:TimeZone"] = "Pacific/Kiritimati",
                },
            }
        );
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Pacific/Kiritimati");
        var turnsTwo = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(app.Clock.GetUtcNow(), zone).DateTime).AddDays(3);
        var child = await (await app.NewHolder()).AddsDependant(
            turnsTwo.AddYears(-2).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        );
        var midnight = new DateTimeOffset(turnsTwo.ToDateTime(TimeOnly.MinValue), zone.BaseUtcOffset);
        await app.PassesAsync(midnight - app.Clock.GetUtcNow() - TimeSpan.FromMinutes(2));
        child = await child.SignsInAgain();
        (await child.Api.Get($"{child.Path}/clinical-records")).Should(200);
        await app.PassesAsync(TimeSpan.FromMinutes(4));
        (await child.Api.Get($"{child.Path}/clinical-records")).Should(403, "portal.clinical_not_granted");
    }

    [Fact]
    public async Task The_29th_of_February_counts_as_the_28th_in_leap_years_too()
    {
        await using var app = await TestApp.StartAsync(
            new()
            {
                Settings = new Dictionary<string, string?> { ["Portal:ClinicalAge"] = "4", ["Portal:AdultAge"] = "8" },
            }
        );
        var year = app.Clock.GetUtcNow().Year - 3;
        while (!DateTime.IsLeapYear(year))
            year++;
        var child = await (await app.NewHolder()).AddsDependant($"{year}-02-29");
        await Until(app, $"{year + 4}-02-28", before: TimeSpan.FromMinutes(2));
        child = await child.SignsInAgain();
        (await child.Api.Get($"{child.Path}/clinical-records")).Should(200);
        await app.PassesAsync(TimeSpan.FromMinutes(4));
        (await child.Api.Get($"{child.Path}/clinical-records")).Should(403, "portal.clinical_not_granted");
    }

    [Fact]
    public async Task A_legal_guardian_of_an_adult_has_no_access_before_a_practice_verified_it()
    {
        var child = await (await (await TestApp.StartedAsync()).NewHolder()).AddsDependant(
            "1990-05-01",
            "legalGuardian"
        );
        (await child.Api.Get(child.Path)).Should(403, "portal.grant_not_current");
        Assert.DoesNotContain(child.AccountId, (await child.Person.Accounts()).Keys);
    }

    [Fact]
    public async Task Guardians_and_practices_are_warned_sixty_and_fourteen_days_before()
    {
        await using var app = await TestApp.StartAsync();
        var turnsFourteen = DateOnly
            .FromDateTime(TimeZoneInfo.ConvertTime(app.Clock.GetUtcNow(), Melbourne).DateTime)
            .AddDays(70);
        var born = turnsFourteen.AddYears(-14).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var (clinic, parent) = (await Clinic.New(app), await app.NewHolder());
        var child = await parent.AddsDependant(born);
        var patient = await clinic.AddsPatient(born);
        (
            await parent.Api.Post(
                "/api/portal/claims",
                new { token = await clinic.Invites(patient, parent.Email, guardian: true), accountId = child.AccountId }
            )
        ).Should(204);

        await Warned(0);
        await app.PassesAsync(TimeSpan.FromDays(9));
        await Warned(0);
        await app.PassesAsync(TimeSpan.FromDays(2));
        await Warned(1);
        await app.PassesAsync(TimeSpan.FromDays(46));
        await Warned(2);
        await app.PassesAsync(TimeSpan.FromDays(60));
        await Warned(2);

        async Task Warned(int times)
        {
            Assert.Equal(
                times,
                (await (await parent.SignsInAgain()).Api.Get("/api/users/me/notifications")).Items.Count(item =>
                    item.GetProperty("kind").GetString() == "guardianshipEnding"
                )
            );
            var staff = (await clinic.Practitioner.SignsInAgain()).Api;
            Assert.Equal(
                times,
                (await staff.Get($"{clinic.Path}/requests?kind=guardianshipEnding")).Should(200).Items.Count
            );
        }
    }

    private static Task Until(TestApp app, string day, TimeSpan before)
    {
        var local = DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture).ToDateTime(TimeOnly.MinValue);
        return app.PassesAsync(
            new DateTimeOffset(local, Melbourne.GetUtcOffset(local)) - before - app.Clock.GetUtcNow()
        );
    }
}
