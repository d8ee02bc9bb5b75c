using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Practice.Contracts.PatientPortal;
using Practice.Shared.Messaging;

namespace Practice.PatientPortal.Tests.Portal;

/// <summary>Claiming an invitation takes the confirmed email it was sent to, and the patient's date of birth.</summary>
public sealed class ClaimTests
{
    /// <summary>As one of which nobody knows whether the mail server took it: mailboxes keep the first.</summary>
    [Fact]
    public async Task An_invitation_that_is_mailed_twice_has_one_link()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, holder) = (await Clinic.New(app), await app.NewHolder());
        var patient = await clinic.AddsPatient(email: holder.Email);
        var token = await clinic.Invites(patient, holder.Email);
        var invitation = await app.Owner.Scalar<Guid>(
            "select id from portal.patient_invitations where patient_id = $1",
            patient
        );

        await using var scope = app.Services.CreateAsyncScope();
        var again = await scope
            .ServiceProvider.GetRequiredService<IModuleBus>()
            .InvokeAsSystemAsync(new IssuePatientInvitationToken(clinic.Group.Id, invitation), CancellationToken.None);

        Assert.Equal(token, again.Value.Token);
        (await holder.Api.Post("/api/portal/claims", new { token })).Should(204);
    }

    [Fact]
    public async Task A_claimed_invitation_shows_the_practices_records_in_the_account()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, holder) = (await Clinic.New(app), await app.NewHolder());
        var patient = await clinic.AddsPatient(email: holder.Email);
        var before = await clinic.AddsRecords(patient);
        Assert.Empty((await holder.Api.Get($"{holder.Path}/appointments")).Items);
        var token = await clinic.Invites(patient, holder.Email);
        Assert.Contains(
            clinic.Group.Name,
            app.Mail.To(holder.Email).Single(mail => mail.Token == token).Text,
            StringComparison.Ordinal
        );
        (await holder.Api.Post("/api/portal/claims", new { token })).Should(204);
        var after = await clinic.AddsRecords(patient, days: 4);

        Assert.Equal(
            [after.Appointment, before.Appointment],
            (await holder.Api.Get($"{holder.Path}/appointments")).Items.Select(item => item.GetProperty("id").GetGuid())
        );
        var invoice = (await holder.Api.Get($"{holder.Path}/invoices")).Items.Single(item =>
            item.GetProperty("id").GetGuid() == before.Invoice
        );
        Assert.Equal(
            ("120.15", "80.10", clinic.Group.Name),
            (
                invoice.GetProperty("total").GetString(),
                invoice.GetProperty("lines")[0].GetProperty("unitPrice").GetString(),
                invoice.GetProperty("practice").GetString()
            )
        );
        Assert.Equal(
            "clinicalword body",
            (await holder.Api.Get($"{holder.Path}/clinical-records/{before.Record}")).Should(200)["body"].GetString()
        );
        Assert.Equal("linked", (await clinic.Api.Get($"{clinic.Path}/patients/{patient}"))["portal"].GetString());
        (await holder.Api.Post("/api/portal/claims", new { token })).Should(410, "portal.invitation_invalid");
    }

    [Fact]
    public async Task One_account_spans_practices_which_never_see_each_others_records()
    {
        var app = await TestApp.StartedAsync();
        var (first, second, holder) = (
            await Clinic.New(app, "First Practice"),
            await Clinic.New(app, "Second Practice"),
            await app.NewHolder()
        );
        var (one, two) = (await first.Links(holder), await second.Links(holder));
        var (mine, theirs) = (await first.AddsRecords(one), await second.AddsRecords(two));
        Assert.Equal(
            ["First Practice", "Second Practice"],
            (await holder.Api.Get($"{holder.Path}/clinical-records"))
                .Items.Select(item => item.GetProperty("practice").GetString())
                .Order()
        );
        Assert.Equal(2, (await holder.Api.Get(holder.Path))["practices"].GetArrayLength());
        Assert.Equal(
            [mine.Record],
            (await first.Api.Get($"{first.Path}/patients/{one}/clinical-records")).Items.Select(item =>
                item.GetProperty("id").GetGuid()
            )
        );
        (await first.Api.Get($"{first.Path}/patients/{two}")).Should(404);
        (await first.Api.Get($"{first.Path}/patients/{one}/clinical-records/{theirs.Record}")).Should(404);
        (await second.Api.Get($"{first.Path}/patients/{one}")).Should(404);
        Assert.Single((await first.Api.Get($"{first.Path}/patients?search={holder.Email}")).Items);
    }

    [Fact]
    public async Task An_invitation_can_be_claimed_only_by_and_for_the_right_person()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, holder) = (await Clinic.New(app), await app.NewHolder("1999-09-09"));
        var (stranger, without) = (await app.NewHolder(), await app.SignUpAndConfirm());
        var patient = await clinic.AddsPatient(email: holder.Email);
        var token = await clinic.Invites(patient, holder.Email);
        (await stranger.Api.Post("/api/portal/claims", new { token })).Should(422, "portal.not_this_patient");
        // a different date of birth
        (await holder.Api.Post("/api/portal/claims", new { token })).Should(422, "portal.not_this_patient");
        (await holder.Api.Post("/api/portal/claims", new { token, accountId = stranger.AccountId })).Should(404);
        foreach (
            var wrong in new[]
            {
                token + "x",
                "nonsense",
                $"{clinic.Group.Id:n}.x",
                $"{Guid.NewGuid():n}.{token.Split('.')[1]}",
            }
        )
            (await holder.Api.Post("/api/portal/claims", new { token = wrong })).Should(
                410,
                "portal.invitation_invalid"
            );
        (await holder.Api.Post("/api/portal/claims", new { })).ShouldReject("token");

        var theirs = await clinic.AddsPatient(email: without.Email);
        (
            await without.Api.Post("/api/portal/claims", new { token = await clinic.Invites(theirs, without.Email) })
        ).Should(403, "portal.account_required");
    }

    [Fact]
    public async Task Only_the_invited_person_sees_which_practice_an_invitation_is_from()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, invited, stranger) = (
            await Clinic.New(app, "Harbour Street"),
            await app.SignUpAndConfirm(),
            await app.NewHolder()
        );
        var patient = await clinic.AddsPatient(email: invited.Email);
        var token = await clinic.Invites(patient, invited.Email);
        var guardians = await clinic.Invites(await clinic.AddsPatient(), invited.Email, guardian: true);

        // without a portal account yet
        var preview = (await invited.Api.Post("/api/portal/claims/preview", new { token })).Should(200);
        Assert.Equal(("Harbour Street", false), (preview["practice"].GetString(), preview["forGuardian"].GetBoolean()));
        Assert.True(
            (await invited.Api.Post("/api/portal/claims/preview", new { token = guardians }))
                .Should(200)["forGuardian"]
                .GetBoolean()
        );
        (await stranger.Api.Post("/api/portal/claims/preview", new { token })).Should(422, "portal.not_this_patient");
        foreach (
            var wrong in new[]
            {
                token + "x",
                "nonsense",
                $"{clinic.Group.Id:n}.x",
                $"{Guid.NewGuid():n}.{token.Split('.')[1]}",
            }
        )
            (await invited.Api.Post("/api/portal/claims/preview", new { token = wrong })).Should(
                410,
                "portal.invitation_invalid"
            );
        (await invited.Api.Post("/api/portal/claims/preview", new { })).ShouldReject("token");
        (await app.Api.Post("/api/portal/claims/preview", new { token })).Should(401);

        await invited.OpensAccount();
        // the preview did not use up the token
        (await invited.Api.Post("/api/portal/claims", new { token })).Should(204);
        (await invited.Api.Post("/api/portal/claims/preview", new { token })).Should(410, "portal.invitation_invalid");
    }

    [Fact]
    public async Task A_guardian_claims_for_the_dependant_with_the_patients_date_of_birth()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, parent) = (await Clinic.New(app), await app.NewHolder());
        var child = await parent.AddsDependant("2019-05-01");
        var other = await parent.AddsDependant("2021-06-02", firstName: "Tom");
        var patient = await clinic.AddsPatient("2019-05-01");
        var records = await clinic.AddsRecords(patient);
        var token = await clinic.Invites(patient, parent.Email, guardian: true);
        (await parent.Api.Post("/api/portal/claims", new { token })).Should(422, "portal.not_this_patient");
        (await parent.Api.Post("/api/portal/claims", new { token, accountId = other.AccountId })).Should(
            422,
            "portal.not_this_patient"
        );
        (await parent.Api.Post("/api/portal/claims", new { token, accountId = child.AccountId })).Should(204);
        (await child.Api.Get($"{child.Path}/clinical-records/{records.Record}")).Should(200);
        (await parent.Api.Get($"{parent.Path}/clinical-records/{records.Record}")).Should(404);
        (await other.Api.Get($"{other.Path}/clinical-records/{records.Record}")).Should(404);
    }

    [Fact]
    public async Task A_legal_guardian_of_an_adult_has_access_until_the_verified_last_day()
    {
        await using var app = await TestApp.StartAsync();
        var (clinic, guardian) = (await Clinic.New(app), await app.NewHolder());
        var adult = await guardian.AddsDependant("1990-05-01", "legalGuardian");
        var patient = await clinic.AddsPatient("1990-05-01");
        (
            await guardian.Api.Post(
                "/api/portal/claims",
                new
                {
                    token = await clinic.Invites(patient, guardian.Email, guardian: true),
                    accountId = adult.AccountId,
                }
            )
        ).Should(422, "portal.guardianship_not_verified");
        app.Clock.Advance(TimeSpan.FromMinutes(6));
        var until = DateOnly
            .FromDateTime(app.Clock.GetUtcNow().DateTime)
            .AddDays(5)
            .ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
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
        (await adult.Api.Get($"{adult.Path}/clinical-records")).Should(200);
        await app.PassesAsync(TimeSpan.FromDays(8));
        adult = await adult.SignsInAgain();
        (await adult.Api.Get(adult.Path)).Should(403, "portal.grant_not_current");
    }

    [Fact]
    public async Task At_eighteen_the_invited_person_takes_over_the_account_and_guardians_lose_access()
    {
        await using var app = await TestApp.StartAsync();
        var (clinic, parent) = (await Clinic.New(app), await app.NewHolder());
        var turnsEighteen = DateOnly.FromDateTime(app.Clock.GetUtcNow().DateTime).AddDays(5);
        var born = turnsEighteen.AddYears(-18).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var child = await parent.AddsDependant(born);
        var (email, person) = (People.NewEmail(), (Person?)null);
        var patient = await clinic.AddsPatient(born, email);
        (
            await parent.Api.Post(
                "/api/portal/claims",
                new { token = await clinic.Invites(patient, parent.Email, guardian: true), accountId = child.AccountId }
            )
        ).Should(204);
        (await clinic.Api.Post($"{clinic.Path}/patients/{patient}/invite")).Should(409, "portal.already_linked");

        await app.PassesAsync(TimeSpan.FromDays(7));
        clinic = clinic with { Practitioner = await clinic.Practitioner.SignsInAgain() };
        person = await app.SignUpAndConfirm(email);
        var takeover = await clinic.Invites(patient, email);
        (await person.Claims(takeover)).Should(403, "portal.account_required"); // the mailbox alone opens nothing
        (await person.Claims(takeover, dateOfBirth: "1999-01-01")).Should(422, "portal.not_this_patient");
        (await person.Claims(takeover, dateOfBirth: born)).Should(204);
        Assert.Equal("self edit clinical", (await person.Accounts())[child.AccountId]);
        (await (await parent.SignsInAgain()).Api.Get(child.Path)).Should(403, "portal.grant_not_current");
    }
}
