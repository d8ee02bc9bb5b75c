using System.Text.Json;

namespace Practice.PatientPortal.Tests.Portal;

/// <summary>
/// A mistyped birthday, twins, the wrong account: nothing is locked, mixed or lost, and staff can mend it.
/// </summary>
public sealed class MistakenIdentityTests
{
    private const string Twins = "2016-03-05";

    [Fact]
    public async Task A_mistyped_date_of_birth_leaves_nothing_behind()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, person) = (await Clinic.New(app), await app.SignUpAndConfirm());
        var patient = await clinic.AddsPatient(email: person.Email);
        var token = await clinic.Invites(patient, person.Email);

        (await person.Claims(token, dateOfBirth: "1985-12-04")).Should(422, "portal.not_this_patient");
        Assert.Empty(await person.Accounts());
        (await person.Claims(token, dateOfBirth: "4/12/1985")).ShouldReject("dateOfBirth");
        (await person.Claims(token, dateOfBirth: Holders.Born)).Should(204);
        Assert.Equal("self edit clinical", Assert.Single(await person.Accounts()).Value);
    }

    [Fact]
    public async Task The_date_of_birth_can_be_corrected_until_a_practice_relies_on_it()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, holder, friend) = (
            await Clinic.New(app),
            await app.NewHolder("1985-12-04"),
            await app.NewHolder()
        );
        var token = await clinic.Invites(await clinic.AddsPatient(email: holder.Email), holder.Email);
        (await holder.Person.Claims(token)).Should(422, "portal.not_this_patient");
        await holder.GivesAccess(friend, "edit");

        (await friend.Api.Corrects(holder, Holders.Born)).Should(403, "portal.not_the_holder");
        (await holder.Api.Corrects(holder, "2999-01-01")).ShouldReject("dateOfBirth");
        (await holder.Api.Corrects(holder, Holders.Born)).Should(204);
        (await holder.Person.Claims(token)).Should(204);
        (await holder.Api.Corrects(holder, "1985-12-04")).Should(409, "portal.account_linked");
        (await holder.Api.Corrects(holder, Holders.Born)).Should(204); // unchanged

        var child = await holder.AddsDependant(Twins);
        (await child.Api.Corrects(child, "2016-05-03")).Should(204);
        (await child.Api.Corrects(child, "1990-01-01")).Should(422, "portal.dependant_of_age");
        Assert.Equal("2016-05-03", (await child.Api.Get(child.Path))["dateOfBirth"].GetString());
    }

    [Fact]
    public async Task Invitations_for_twins_name_the_child_and_both_stay_open()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, parent) = (await Clinic.New(app), await app.NewHolder());
        var tom = await parent.AddsDependant(Twins, firstName: "Tom");
        var tia = await parent.AddsDependant(Twins, firstName: "Tia");
        var toms = await clinic.Invites(await clinic.AddsPatient(Twins, firstName: "Tom"), parent.Email, true);
        var tias = await clinic.Invites(await clinic.AddsPatient(Twins, firstName: "TIA "), parent.Email, true);

        foreach (var (token, name) in new[] { (toms, "Tom"), (tias, "TIA") })
        {
            var mail = app.Mail.To(parent.Email).Single(mail => mail.Token == token);
            Assert.Contains($"the guardian of {name}", mail.Text, StringComparison.Ordinal);
            var preview = (await parent.Api.Post("/api/portal/claims/preview", new { token })).Should(200);
            Assert.Equal(name, preview["firstName"].GetString());
        }

        var differs = (await parent.Person.Claims(tias, tom.AccountId)).Should(409, "portal.name_differs");
        Assert.Contains("TIA’s records would show in Tom’s account.", differs.Text, StringComparison.Ordinal);
        (await parent.Person.Claims(tias, tia.AccountId)).Should(204); // its case is no difference
        (await parent.Person.Claims(toms, tom.AccountId)).Should(204);
    }

    [Fact]
    public async Task Staff_unlink_a_claim_for_the_wrong_child_and_invite_again_at_once()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, parent) = (await Clinic.New(app), await app.NewHolder());
        var tom = await parent.AddsDependant(Twins, firstName: "Tom");
        var tia = await parent.AddsDependant(Twins, firstName: "Tia");
        var patient = await clinic.AddsPatient(Twins, firstName: "Tia");
        var records = await clinic.AddsRecords(patient);
        var token = await clinic.Invites(patient, parent.Email, guardian: true);
        (await parent.Person.Claims(token, tom.AccountId, acceptDifferentName: true)).Should(204);
        (await tom.Api.Post($"{tom.Path}/health-notes", new { text = "About Tom" })).Should(201);

        var link = (await clinic.Api.Get($"{clinic.Path}/patients/{patient}"))["link"];
        Assert.Equal(
            ("Tom Little", true, parent.Email),
            (
                link.GetProperty("accountName").GetString(),
                link.GetProperty("dependant").GetBoolean(),
                link.GetProperty("linkedBy").GetString()
            )
        );
        Assert.NotEqual(JsonValueKind.Null, link.GetProperty("linkedAt").ValueKind);

        (await clinic.Unlinks(patient, null)).ShouldReject("reason");
        (await clinic.Unlinks(patient, "Claimed for the brother")).Should(204);
        (await clinic.Unlinks(patient, "Again")).Should(409, "portal.not_linked");
        (await tom.Api.Get($"{tom.Path}/clinical-records/{records.Record}")).Should(404);
        foreach (var kind in new[] { "appointments", "invoices", "clinical-records", "health-notes" })
            Assert.Empty((await tom.Api.Get($"{tom.Path}/{kind}")).Should(200).Items);
        Assert.Equal(
            0,
            await app.Owner.Scalar<long>(
                """
                select count(*) from (
                    select account_id from portal.appointments where patient_id = $1
                    union all select account_id from portal.invoices where patient_id = $1
                    union all select account_id from portal.clinical_records where patient_id = $1) records
                where account_id is not null
                """,
                patient
            )
        );
        await app.Mail.WaitFor(parent.Email, mail =>
            mail.Subject.Contains("unlinked records", StringComparison.Ordinal)
        );
        Assert.Equal(JsonValueKind.Null, (await clinic.Api.Get($"{clinic.Path}/patients/{patient}"))["link"].ValueKind);

        (
            await clinic.Api.Change(
                $"{clinic.Path}/patients/{patient}",
                new
                {
                    firstName = "Tia",
                    lastName = "Little",
                    dateOfBirth = Twins,
                }
            )
        ).Should(204);
        var again = await clinic.Invites(patient, parent.Email, guardian: true);
        (await parent.Person.Claims(again, tia.AccountId)).Should(204);
        (await tia.Api.Get($"{tia.Path}/clinical-records/{records.Record}")).Should(200);
        Assert.Empty((await tia.Api.Get($"{tia.Path}/health-notes")).Should(200).Items); // it was about Tom
        (await parent.Person.Claims(token, tom.AccountId)).Should(410, "portal.invitation_invalid");
    }

    [Fact]
    public async Task Requests_of_the_wrong_account_end_with_the_link_and_their_words_go()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, wrong, right) = (await Clinic.New(app), await app.NewHolder(), await app.NewHolder());
        var patient = await clinic.Links(wrong);
        var (confirmed, open) = (await Wishes(3), await Wishes(4));
        (await clinic.Api.Post($"{clinic.Path}/requests/{confirmed}/confirm")).Should(204);

        (await clinic.Unlinks(patient, "Somebody else’s")).Should(204);
        (await clinic.Api.Post($"{clinic.Path}/requests/{open}/confirm")).Should(409, "portal.request_not_open");
        Assert.DoesNotContain(clinic.Group.Name, (await wrong.Api.Get($"{wrong.Path}/access-log")).Text);

        (
            await clinic.Api.Change(
                $"{clinic.Path}/patients/{patient}",
                new
                {
                    firstName = "Robin",
                    lastName = "Sunderland",
                    email = right.Email,
                    dateOfBirth = Holders.Born,
                    acceptDuplicate = true,
                }
            )
        ).Should(204);
        (await right.Person.Claims(await clinic.Invites(patient, right.Email))).Should(204);
        var shown = (await right.Api.Get($"{right.Path}/appointments")).Should(200);
        Assert.Single(shown.Items);
        Assert.DoesNotContain("secretword", shown.Text, StringComparison.Ordinal);

        async Task<Guid> Wishes(int days) => (
                await wrong.Api.Post(
                    $"{wrong.Path}/appointments",
                    new
                    {
                        groupId = clinic.Group.Id,
                        startsAt = DateTimeOffset.UtcNow.AddDays(days),
                        practitionerId = clinic.Practitioner.Id,
                        locationId = clinic.Group.LocationId,
                        reason = "secretword",
                    }
                )
            ).Should(201).Id;
    }

    [Fact]
    public async Task A_twin_of_age_with_an_account_does_not_take_over_the_others_unasked()
    {
        await using var app = await TestApp.StartAsync();
        var (clinic, parent) = (await Clinic.New(app), await app.NewHolder());
        var turnsEighteen = DateOnly.FromDateTime(app.Clock.GetUtcNow().DateTime).AddDays(5);
        var born = turnsEighteen
            .AddYears(-18)
            .ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var tia = await parent.AddsDependant(born, firstName: "Tia");
        var robin = await app.NewHolder(born);
        var patient = await clinic.AddsPatient(born, robin.Email, "Tia");
        var token = await clinic.Invites(patient, parent.Email, guardian: true);
        (await parent.Person.Claims(token, tia.AccountId)).Should(204);

        await app.PassesAsync(TimeSpan.FromDays(7));
        clinic = clinic with { Practitioner = await clinic.Practitioner.SignsInAgain() };
        robin = await robin.SignsInAgain();
        var takeover = await clinic.Invites(patient, robin.Email);
        (await robin.Person.Claims(takeover)).Should(409, "portal.name_differs");
    }

    [Fact]
    public async Task A_guardian_does_not_get_clinical_access_back_by_a_later_birthday()
    {
        var app = await TestApp.StartedAsync();
        var child = await (await app.NewHolder()).AddsDependant($"{DateTime.UtcNow.Year - 15}-01-01");
        (await child.Api.Corrects(child, "2020-01-01")).Should(422, "portal.clinical_age_reached");
    }

    [Fact]
    public async Task The_verification_of_a_legal_guardian_ends_with_the_link()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, guardian) = (await Clinic.New(app), await app.NewHolder());
        var adult = await guardian.AddsDependant("1990-05-01", "legalGuardian");
        var patient = await clinic.AddsPatient("1990-05-01");
        var token = await clinic.Invites(patient, guardian.Email, guardian: true, until: "2099-12-31");
        (await guardian.Person.Claims(token, adult.AccountId)).Should(204);
        (await adult.Api.Get(adult.Path)).Should(200);

        (await clinic.Unlinks(patient, "The order was for somebody else")).Should(204);
        (await adult.Api.Get(adult.Path)).Should(403, "portal.grant_not_current");
    }

    [Fact]
    public async Task An_older_link_to_the_same_patient_works_until_one_is_claimed()
    {
        await using var app = await TestApp.StartAsync();
        var (clinic, holder) = (await Clinic.New(app), await app.NewHolder());
        var patient = await clinic.AddsPatient(email: holder.Email);
        var first = await clinic.Invites(patient, holder.Email);
        (await clinic.Api.Post($"{clinic.Path}/patients/{patient}/invite")).Should(429, "portal.invited_just_now");
        app.Clock.Advance(TimeSpan.FromMinutes(6));
        var second = await clinic.Invites(patient, holder.Email);

        (await holder.Person.Claims(first)).Should(204);
        (await holder.Person.Claims(second)).Should(410, "portal.invitation_invalid");
    }

    [Fact]
    public async Task Nobody_tries_every_date_of_birth()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, reader) = (await Clinic.New(app), await app.SignUpAndConfirm());
        var token = await clinic.Invites(await clinic.AddsPatient(email: reader.Email), reader.Email);
        var stranger = await app.SignUpAndConfirm();
        for (var time = 1; time <= 10; time++) // who was not invited uses up nothing
            (await stranger.Claims(token, dateOfBirth: Holders.Born)).Should(422, "portal.not_this_patient");
        for (var day = 1; day <= 10; day++)
            (await reader.Claims(token, dateOfBirth: $"1985-05-{day:00}")).Should(422, "portal.not_this_patient");
        (await reader.Claims(token, dateOfBirth: Holders.Born)).Should(410, "portal.invitation_locked");
        (await reader.Api.Post("/api/portal/claims/preview", new { token })).Should(410, "portal.invitation_locked");
    }
}

internal static class Claiming
{
    public static Task<Answer> Claims(
        this Person person,
        string token,
        Guid? accountId = null,
        string? dateOfBirth = null,
        bool acceptDifferentName = false
    ) =>
        person.Api.Post(
            "/api/portal/claims",
            new
            {
                token,
                accountId,
                dateOfBirth,
                acceptDifferentName,
            }
        );

    public static async Task<Answer> Corrects(this ApiClient api, Holder holder, string dateOfBirth) =>
        await api.Put($"{holder.Path}/details", new { dateOfBirth }, "*");

    public static Task<Answer> Unlinks(this Clinic clinic, Guid patient, string? reason) =>
        clinic.Api.Post($"{clinic.Path}/patients/{patient}/unlink", new { reason });
}
