using System.Globalization;
using System.Text.Json;

namespace Practice.PatientPortal.Tests.Portal;

/// <summary>Anybody can make a practice. What it says opens its own records, and no other's.</summary>
public sealed class WhoseWordTests
{
    private const string Adult = "1990-05-01";

    [Fact]
    public async Task A_guardians_own_practice_opens_no_clinical_records_of_a_child_past_the_age()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, parent, born) = (await Clinic.New(app), await app.NewHolder(), Day(DateTime.UtcNow.AddYears(-15)));
        var child = await parent.AddsDependant(born, "legalGuardian");
        var record = await Links(clinic, child, born);
        (await child.Api.Get($"{child.Path}/clinical-records/{record}")).Should(403, "portal.clinical_not_granted");

        var own = await Links(await OwnPractice(parent), child, born, until: "2199-12-31");

        foreach (var id in new[] { record, own })
            (await child.Api.Get($"{child.Path}/clinical-records/{id}")).Should(403, "portal.clinical_not_granted");
        Assert.Equal("dependant edit administrative", (await child.Person.Accounts())[child.AccountId]);
    }

    [Fact]
    public async Task A_guardians_own_practice_opens_its_own_records_of_an_adult_only()
    {
        await using var app = await TestApp.StartAsync();
        var (clinic, guardian, friend) = (await Clinic.New(app), await app.NewHolder(), await app.NewHolder());
        var adult = await guardian.AddsDependant(Adult, "legalGuardian");
        var record = await Links(clinic, adult, Adult, until: Day(app.Clock.GetUtcNow().AddDays(5).DateTime));
        (await adult.Api.Get($"{adult.Path}/clinical-records/{record}")).Should(200);
        await app.PassesAsync(TimeSpan.FromDays(7));
        adult = await adult.SignsInAgain();
        (await adult.Api.Get(adult.Path)).Should(403, "portal.grant_not_current");

        var practice = await OwnPractice(await guardian.SignsInAgain());
        var own = await Links(practice, adult, Adult, until: "2199-12-31");

        var given = new
        {
            email = friend.Email,
            role = "view",
            level = "clinical",
        };
        (await adult.Api.Post($"{adult.Path}/access", given)).Should(202);
        await app.SettlesAsync();
        foreach (var person in new[] { adult, adult.OpenedBy((await friend.SignsInAgain()).Person) })
        {
            Assert.EndsWith(" clinical", (await person.Person.Accounts())[adult.AccountId], StringComparison.Ordinal);
            (await person.Api.Get($"{adult.Path}/clinical-records/{own}")).Should(200);
            (await person.Api.Get($"{adult.Path}/clinical-records/{record}")).Should(404);
            foreach (var list in new[] { "appointments", "invoices", "clinical-records" })
                Assert.Single((await person.Api.Get($"{adult.Path}/{list}")).Should(200).Items);
        }

        var log = (await adult.Api.Get($"{adult.Path}/access-log")).Should(200);
        Assert.DoesNotContain(clinic.Group.Name, log.Text, StringComparison.Ordinal);
        Assert.Equal(
            practice.Group.Name,
            Assert
                .Single((await adult.Api.Get(adult.Path))["practices"].EnumerateArray())
                .GetProperty("name")
                .GetString()
        );
    }

    [Fact]
    public async Task A_guardian_gives_no_access_to_what_only_another_guardian_sees()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, mother, father) = (await Clinic.New(app), await app.NewHolder(), await app.NewHolder());
        var (herFriend, his) = (await app.NewHolder(), await app.NewHolder());
        var adult = await mother.AddsDependant(Adult, "legalGuardian");
        var record = await Links(clinic, adult, Adult, until: "2199-12-31");
        await adult.AddsGuardian(father.Person, "legalGuardian");
        var fathers = adult.OpenedBy(father.Person);
        (await fathers.Api.Get(adult.Path)).Should(403, "portal.grant_not_current");
        var own = await Links(await OwnPractice(father), fathers, Adult, until: "2199-12-31");

        foreach (var (by, to) in new[] { (adult, herFriend), (fathers, his) })
        {
            var given = new
            {
                email = to.Email,
                role = "view",
                level = "clinical",
            };
            (await by.Api.Post($"{adult.Path}/access", given)).Should(202);
            await Eventually.Is(async () => (await to.Api.Get(adult.Path)).Status == 200);
        }

        (await herFriend.Api.Get($"{adult.Path}/clinical-records/{record}")).Should(200);
        (await herFriend.Api.Get($"{adult.Path}/clinical-records/{own}")).Should(404);
        (await his.Api.Get($"{adult.Path}/clinical-records/{own}")).Should(200);
        (await his.Api.Get($"{adult.Path}/clinical-records/{record}")).Should(404);
        (await fathers.Api.Get($"{adult.Path}/clinical-records/{record}")).Should(404);
        var log = (await fathers.Api.Get($"{adult.Path}/access-log")).Should(200);
        Assert.DoesNotContain($"{record}", log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_guardian_who_chooses_another_time_zone_gains_not_an_hour()
    {
        await using var app = await TestApp.StartAsync(
            new() { Settings = new Dictionary<string, string?> { ["Portal:TimeZone"] = "UTC" } }
        );
        var turnsFourteen = DateOnly.FromDateTime(app.Clock.GetUtcNow().UtcDateTime);
        var child = await (await app.NewHolder()).AddsDependant(Day(turnsFourteen.AddYears(-14)));
        (await child.Api.Get($"{child.Path}/clinical-records")).Should(403, "portal.clinical_not_granted");
        (await child.Api.Put($"{child.Path}/details", new { timeZone = "Pacific/Pago_Pago" }, "*")).Should(204);
        (await child.Api.Get($"{child.Path}/clinical-records")).Should(403, "portal.clinical_not_granted");
    }

    [Fact]
    public async Task A_takeover_that_one_practice_invites_to_leaves_the_others_with_the_guardian()
    {
        var app = await TestApp.StartedAsync();
        var (one, two, guardian) = (await Clinic.New(app), await Clinic.New(app), await app.NewHolder());
        var adult = await guardian.AddsDependant(Adult, "legalGuardian");
        var (patient, accomplice) = (await one.AddsPatient(Adult, People.NewEmail()), await app.SignUpAndConfirm());
        var ofOne = await Links(one, adult, Adult, until: "2199-12-31", patient);
        var ofTwo = await Links(two, adult, Adult, until: "2199-12-31");

        (
            await one.Api.Change(
                $"{one.Path}/patients/{patient}",
                new
                {
                    firstName = "Robin",
                    lastName = "Sunderland",
                    email = accomplice.Email,
                    dateOfBirth = Adult,
                }
            )
        ).Should(204);
        var token = await one.Invites(patient, accomplice.Email);
        var told = await app.Mail.WaitFor(guardian.Email, mail => mail.Subject.Contains("own patient portal"));
        Assert.Contains(one.Group.Name, told.Text, StringComparison.Ordinal);
        (await adult.Api.Get($"{adult.Path}/clinical-records/{ofOne}")).Should(200); // told before it happens
        (await accomplice.Claims(token, dateOfBirth: Adult)).Should(204);

        var taken = Assert.Single(await accomplice.Accounts());
        Assert.Equal("self edit clinical", taken.Value);
        Assert.NotEqual(adult.AccountId, taken.Key);
        var path = $"/api/portal/accounts/{taken.Key}";
        (await accomplice.Api.Get($"{path}/clinical-records/{ofOne}")).Should(200);
        (await accomplice.Api.Get($"{path}/clinical-records/{ofTwo}")).Should(404);
        (await adult.Api.Get($"{adult.Path}/clinical-records/{ofTwo}")).Should(200);
        (await adult.Api.Get($"{adult.Path}/clinical-records/{ofOne}")).Should(404);
    }

    [Fact]
    public async Task Only_who_sees_all_clinical_records_of_a_patient_chooses_whom_they_are_shown_to()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, old, chosen) = (await Clinic.New(app), People.NewEmail(), People.NewEmail());
        var reception = (await clinic.Group.AddsNewPerson("reception")).Api;
        var patient = await clinic.AddsPatient(email: old);
        (await Changes(reception, People.NewEmail())).Should(204); // there are no records yet
        (await Changes(reception, old)).Should(204);
        await clinic.AddsRecords(patient);

        (await Changes(reception, chosen)).Should(403, "portal.clinical_records_hidden");
        (await Changes(reception, old.ToUpperInvariant(), "Patricia")).Should(204); // the same address
        (await reception.Post($"{clinic.Path}/patients/{patient}/invite", new { guardianEmail = chosen })).Should(
            403,
            "portal.clinical_records_hidden"
        );
        (await reception.Post($"{clinic.Path}/patients/{patient}/invite")).Should(202);

        (await Changes(clinic.Api, chosen)).Should(204);
        await app.Mail.WaitFor(old, mail => mail.Subject == $"{clinic.Group.Name} no longer uses this email address");
        var audited = (await clinic.Api.Get($"{clinic.Path}/audit?act=portal.patient_email_changed")).Items[0];
        Assert.Equal(
            (old.ToUpperInvariant(), chosen),
            (
                audited.GetProperty("details").GetProperty("from").GetString(),
                audited.GetProperty("details").GetProperty("to").GetString()
            )
        );

        Task<Answer> Changes(ApiClient by, string? email, string firstName = "Robin") =>
            by.Change(
                $"{clinic.Path}/patients/{patient}",
                new
                {
                    firstName,
                    lastName = "Sunderland",
                    email,
                    dateOfBirth = Holders.Born,
                }
            );
    }

    [Fact]
    public async Task Only_who_sees_all_invoices_and_appointments_of_a_patient_chooses_whom_they_are_shown_to()
    {
        var clinic = await Clinic.New(await TestApp.StartedAsync());
        var reception = (await clinic.Group.AddsNewPerson("reception")).Api;
        var doctor = await clinic.Group.AddsNewPerson("personal", "practitioner", null, clinic.Group.LocationId);

        var billed = await clinic.AddsPatient(email: People.NewEmail());
        await Books(clinic.Api, billed, clinic.Practitioner.Id); // reception sees all calendars
        (await ChangesEmail(reception, billed)).Should(204);
        await Bills(clinic.Api, billed);
        await IsRefused(reception, billed);
        (await reception.Post($"{clinic.Path}/patients/{billed}/invite")).Should(202); // at the address on file
        (await ChangesEmail(reception, billed, clears: true)).Should(204); // nobody is shown anything then

        var own = (
            await doctor.Api.Post(
                $"{clinic.Path}/patients",
                new
                {
                    firstName = "Robin",
                    lastName = "Sunderland",
                    dateOfBirth = Holders.Born,
                    acceptDuplicate = true,
                }
            )
        ).Should(201).Id;
        await Books(doctor.Api, own, doctor.Id);
        await Bills(doctor.Api, own);
        (await ChangesEmail(doctor.Api, own)).Should(204);
        (await Invites(doctor.Api, own)).Should(202);
        await Books(clinic.Api, own, clinic.Practitioner.Id);
        await IsRefused(doctor.Api, own);
        (await ChangesEmail(clinic.Api, own)).Should(204);
        (await Invites(clinic.Api, own)).Should(202);

        Task<Answer> ChangesEmail(ApiClient by, Guid patient, bool clears = false) =>
            by.Change(
                $"{clinic.Path}/patients/{patient}",
                new
                {
                    firstName = "Robin",
                    lastName = "Sunderland",
                    email = clears ? null : People.NewEmail(),
                    dateOfBirth = Holders.Born,
                    acceptDuplicate = true,
                }
            );

        Task<Answer> Invites(ApiClient by, Guid patient) =>
            by.Post($"{clinic.Path}/patients/{patient}/invite", new { guardianEmail = People.NewEmail() });

        async Task IsRefused(ApiClient by, Guid patient)
        {
            (await ChangesEmail(by, patient)).Should(403, "portal.records_hidden");
            (await Invites(by, patient)).Should(403, "portal.records_hidden");
        }

        async Task Books(ApiClient by, Guid patient, Guid practitionerId) =>
            (
                await by.Post(
                    $"{clinic.Path}/patients/{patient}/appointments",
                    new
                    {
                        startsAt = DateTimeOffset.UtcNow.AddDays(3),
                        endsAt = DateTimeOffset.UtcNow.AddDays(3).AddMinutes(30),
                        practitionerId,
                        locationId = clinic.Group.LocationId,
                        allowOverlap = true,
                    }
                )
            ).Should(201);

        async Task Bills(ApiClient by, Guid patient) =>
            (
                await by.Post(
                    $"{clinic.Path}/patients/{patient}/invoices",
                    new
                    {
                        issuedOn = "2026-11-01",
                        dueOn = "2026-11-15",
                        currency = "AUD",
                        lines = new[]
                        {
                            new
                            {
                                description = "Consultation",
                                quantity = 1,
                                unitPrice = "80.10",
                            },
                        },
                    }
                )
            ).Should(201);
    }

    [Fact]
    public async Task The_audit_names_no_patient_to_who_may_not_see_patients()
    {
        var app = await TestApp.StartedAsync();
        var clinic = await Clinic.New(app);
        var colleague = await app.NewHolder();
        await clinic.Group.Welcomes(colleague.Person);
        var hidden = new Dictionary<string, bool> { ["hidePatientNames"] = true };
        var manager = (await clinic.Group.AddsNewPerson("manager", settings: hidden)).Api;
        await clinic.Links(colleague);

        var shown = await Claims(clinic.Api);
        Assert.Equal(colleague.Person.Id, shown.GetProperty("actorId").GetGuid());
        var kept = await Claims(manager);
        foreach (var property in new[] { "actorId", "actorName", "details" })
            Assert.Equal(JsonValueKind.Null, kept.GetProperty(property).ValueKind);
        Assert.Equal("self", kept.GetProperty("authority").GetString());
        Assert.DoesNotContain(
            colleague.Email,
            (await manager.Get($"{clinic.Path}/audit")).Text,
            StringComparison.Ordinal
        );
        Assert.Empty(
            (
                await manager.Get($"{clinic.Path}/audit?actorId={colleague.Person.Id}&act=portal.invitation_claimed")
            ).Items
        );

        async Task<JsonElement> Claims(ApiClient by) =>
            Assert.Single((await by.Get($"{clinic.Path}/audit?act=portal.invitation_claimed")).Should(200).Items);
    }

    /// <summary>Links a patient of the practice with the guardian's dependant; the id of a clinical record.</summary>
    private static async Task<Guid> Links(
        Clinic clinic,
        Holder dependant,
        string born,
        string? until = null,
        Guid? patientId = null
    )
    {
        var patient = patientId ?? await clinic.AddsPatient(born);
        var (_, _, record) = await clinic.AddsRecords(patient);
        var token = await clinic.Invites(patient, dependant.Email, guardian: true, until);
        (await dependant.Api.Post("/api/portal/claims", new { token, accountId = dependant.AccountId })).Should(204);
        return record;
    }

    private static async Task<Clinic> OwnPractice(Holder person) =>
        new(await person.Person.CreatesGroup($"Own {Guid.NewGuid():n}", "practitioner", "nurse"), person.Person);

    private static string Day(DateTime day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
